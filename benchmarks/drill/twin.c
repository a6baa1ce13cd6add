/* The drill in C, the same war as kernels.py to the last bit: same luck, same order, same arithmetic.
   Built with -O3 -march=native -ffp-contract=off: contraction would round otherwise than the machine code of numba. */
#include <math.h>
#include <stdint.h>

#define BUCKETS 2048
#define BARRED -1.0f

static const double STEP_H = 6.0, ASSAULT_H = 24.0, LOSS_A = 0.02, LOSS_D = 0.018, HAZARD = 0.3, NOISE_SD = 0.5,
                    SUPPLIED_KM = 400.0;
enum { NOISE = 1, END = 2, WHO = 3 };

typedef struct { int32_t following, cell; double cost; } waiting_t;

typedef struct {
    int64_t cells, formations, sources_n;
    const int32_t *near; const uint8_t *back; const float *hours, *cost; const double *room, *cover;
    const int32_t *owner; const float *fields; const int32_t *sources, *side, *mobility, *field, *start;
    const double *men, *quality;
} ground_t;

typedef struct {
    int32_t *owner, *count; double *men_on; int32_t *head, *battle; float *km; int32_t *came; int64_t *changes, *doubtful;
    waiting_t *line; int32_t *heads, *place, *target, *heading, *following, *ally; double *men, *progress;
    int64_t *fought;
} room_t;

typedef struct { int32_t *place; float *men; int32_t *held; float *first; } told_t;

/* Luck: splitmix64 finalisers in a chain. */
static const uint64_t GOLDEN = 0x9E3779B97F4A7C15u, FIRST = 0xBF58476D1CE4E5B9u, SECOND = 0x94D049BB133111EBu;

static uint64_t scramble(uint64_t x) {
    x = (x ^ (x >> 30)) * FIRST;
    x = (x ^ (x >> 27)) * SECOND;
    return x ^ (x >> 31);
}

static uint64_t luck_of(uint64_t seed, uint64_t run) {
    return scramble(scramble(seed + GOLDEN) ^ (run * GOLDEN + FIRST));
}

static double draw(uint64_t luck, uint64_t step, uint64_t entity, uint64_t purpose) {
    uint64_t x = scramble(luck ^ (step * GOLDEN + SECOND));
    x = scramble(x ^ (entity * GOLDEN + FIRST));
    x = scramble(x ^ (purpose * GOLDEN));
    return ((double)(x >> 11) + 0.5) * 1.1102230246251565e-16;
}

static double tail(double q) {
    double above = ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q
                     - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783;
    double below = (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q
                    + 3.754408661907416) * q + 1.0;
    return above / below;
}

static double normal(double u) {
    if (u < 0.02425) return tail(sqrt(-2.0 * log(u)));
    if (u > 0.97575) return -tail(sqrt(-2.0 * log(1.0 - u)));
    double q = u - 0.5, r = q * q;
    double above = ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r
                     + 138.3577518672690) * r - 30.66479806614716) * r + 2.506628277459239;
    double below = ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r
                     + 66.80131188771972) * r - 13.28068155288572) * r + 1.0;
    return above * q / below;
}

/* Helmbold's law, exact over the step. */
static void helmbold(double attack, double defence, double a, double b, double w, double days, double *la, double *ld) {
    double u = pow(attack, w), v = pow(defence, w);
    double pace = w * sqrt(a * b), r = sqrt(a / b);
    double least = fmin(r * v / u, u / (r * v));
    if (least < 1.0 && atanh(least) / pace < days) days = atanh(least) / pace;
    double c = cosh(pace * days), s = sinh(pace * days);
    double left_u = fmax(0.0, u * c - r * v * s), left_v = fmax(0.0, v * c - u / r * s);
    left_u *= left_u > 1e-9 * u;
    left_v *= left_v > 1e-9 * v;
    *la = 1.0 - pow(left_u / u, 1.0 / w);
    *ld = 1.0 - pow(left_v / v, 1.0 / w);
}

/* Buckets. */
static int64_t put(waiting_t *line, int32_t *heads, int64_t entries, int64_t cell, double cost, double bucket) {
    int64_t entry = entries + 1, place = (int64_t)bucket & (BUCKETS - 1);
    line[entry] = (waiting_t){heads[place], (int32_t)cell, cost};
    heads[place] = (int32_t)entry;
    return entry;
}

static void measure(const ground_t *g, room_t *m) {
    for (int side = 0; side < 2; side++) {
        float *km = m->km + side * g->cells;
        int32_t *came = m->came + side * g->cells;
        int64_t count = m->changes[g->cells], entries = 0;
        for (int64_t i = 0; i < count; i++) {
            int64_t cell = m->changes[i];
            m->doubtful[i] = cell;
            km[cell] = m->owner[cell] == side ? INFINITY : BARRED;
            came[cell] = -1;
        }
        for (int64_t i = 0; i < count; i++) {
            int64_t cell = m->doubtful[i];
            for (int e = 0; e < 6; e++) {
                int32_t beyond = g->near[6 * cell + e];
                if (beyond >= 0 && came[beyond] == cell) {
                    km[beyond] = INFINITY, came[beyond] = -1;
                    m->doubtful[count++] = beyond;
                }
            }
        }
        for (int64_t s = 0; s < g->sources_n; s++) {
            int64_t cell = g->sources[2 * s];
            if (g->sources[2 * s + 1] == side && km[cell] > 0.0f) {
                km[cell] = 0.0f, came[cell] = -1;
                entries = put(m->line, m->heads, entries, cell, 0.0, 0.0);
            }
        }
        for (int64_t i = 0; i < count; i++) {
            int64_t cell = m->doubtful[i];
            if (km[cell] == BARRED) continue;
            for (int e = 0; e < 6; e++) {
                int32_t before = g->near[6 * cell + e];
                if (before >= 0 && km[before] >= 0.0f) {
                    float through = km[before] + g->cost[6 * before + g->back[6 * cell + e]];
                    if (through < km[cell]) km[cell] = through, came[cell] = before;
                }
            }
            if (km[cell] < INFINITY) entries = put(m->line, m->heads, entries, cell, km[cell], km[cell]);
        }
        for (int64_t bucket = 0, taken = 0; taken < entries;) {
            int32_t entry = m->heads[bucket];
            if (!entry) { bucket = (bucket + 1) & (BUCKETS - 1); continue; }
            taken++;
            m->heads[bucket] = m->line[entry].following;
            int64_t cell = m->line[entry].cell;
            if (km[cell] < m->line[entry].cost) continue;
            for (int e = 0; e < 6; e++) {
                int32_t beyond = g->near[6 * cell + e];
                if (beyond < 0) continue;
                float through = km[cell] + g->cost[6 * cell + e];
                if (through < km[beyond]) {
                    km[beyond] = through, came[beyond] = (int32_t)cell;
                    entries = put(m->line, m->heads, entries, beyond, through, through);
                }
            }
        }
    }
    m->changes[g->cells] = 0;
}

static void take_stock(const ground_t *g, room_t *m) {
    for (int64_t u = 0; u < g->formations; u++) {
        int64_t cell = m->place[u];
        if (cell < 0) continue;
        m->head[cell] = -1;
        for (int side = 0; side < 2; side++) m->count[side * g->cells + cell] = 0, m->men_on[side * g->cells + cell] = 0.0;
    }
    for (int64_t u = g->formations - 1; u >= 0; u--) {
        int64_t cell = m->place[u];
        if (cell < 0) continue;
        m->following[u] = m->head[cell];
        m->head[cell] = (int32_t)u;
        m->count[g->side[u] * g->cells + cell] += 1;
        m->men_on[g->side[u] * g->cells + cell] += m->men[u];
    }
}

static void enter(const ground_t *g, room_t *m, told_t *t, int64_t u, int64_t cell, double hour) {
    int64_t side = g->side[u], at = side * g->cells;
    m->count[at + m->place[u]] -= 1;
    m->men_on[at + m->place[u]] -= m->men[u];
    m->place[u] = (int32_t)cell, m->progress[u] = 0.0, m->heading[u] = -1;
    m->count[at + cell] += 1;
    m->men_on[at + cell] += m->men[u];
    if (m->owner[cell] != side) {
        m->owner[cell] = (int32_t)side;
        if (m->changes[g->cells] < g->cells) m->changes[m->changes[g->cells]++] = cell;
        if (side == 0 && t->first[cell] < 0.0f) t->first[cell] = (float)hour;
    }
}

static void march(const ground_t *g, room_t *m, told_t *t, int64_t u, int64_t step) {
    m->target[u] = -1;
    if (m->place[u] < 0 || g->field[u] < 0) return;
    int64_t side = g->side[u], mine = side * g->cells, other = (1 - side) * g->cells;
    const float *field = g->fields + g->field[u] * g->cells, *hours = g->hours + g->mobility[u] * 6 * g->cells;
    for (double left = STEP_H; left > 0.0;) {
        int64_t cell = m->place[u], best = -1;
        int best_edge = -1;
        double best_hours = INFINITY;
        for (int e = 0; e < 6; e++) {
            int64_t beyond = g->near[6 * cell + e];
            if (beyond < 0 || !(field[beyond] < field[cell])) continue;
            double need = (double)field[beyond] + hours[6 * cell + e];
            if (m->count[other + beyond] > 0) need += ASSAULT_H;
            else if (m->men_on[mine + beyond] + m->men[u] > g->room[beyond]) continue;
            if (need < best_hours) best = beyond, best_hours = need, best_edge = e;
        }
        if (best < 0) return;
        if (m->count[other + best] > 0) { m->target[u] = (int32_t)best; return; }
        if (m->heading[u] != best) m->heading[u] = (int32_t)best, m->progress[u] = 0.0;
        double need = hours[6 * cell + best_edge];
        float km = m->km[mine + cell];
        if (!(km >= 0.0f && km <= SUPPLIED_KM)) need *= 2.0;
        double share = fmin(1.0 - m->progress[u], left / need);
        m->progress[u] += share;
        left -= share * need;
        if (m->progress[u] < 1.0 - 1e-9) return;
        enter(g, m, t, u, best, step * STEP_H + STEP_H - left);
    }
}

static void fall_back(const ground_t *g, room_t *m, int64_t cell, int64_t side) {
    int64_t best = -1, mine = side * g->cells, other = (1 - side) * g->cells;
    float least = INFINITY;
    for (int e = 0; e < 6; e++) {
        int64_t beyond = g->near[6 * cell + e];
        if (beyond >= 0 && m->owner[beyond] == side && m->count[other + beyond] == 0)
            if (m->km[mine + beyond] >= 0.0f && m->km[mine + beyond] < least) best = beyond, least = m->km[mine + beyond];
    }
    for (int64_t u = m->head[cell]; u >= 0; u = m->following[u]) {
        if (g->side[u] != side) continue;
        m->place[u] = (int32_t)best, m->progress[u] = 0.0, m->heading[u] = -1;
        if (best >= 0) m->count[mine + best] += 1, m->men_on[mine + best] += m->men[u];
        else m->men[u] = 0.0;
    }
    m->count[mine + cell] = 0, m->men_on[mine + cell] = 0.0;
}

static void clash(const ground_t *g, room_t *m, uint64_t luck, int64_t step, int64_t cell) {
    double attack = 0.0, defence = 0.0, days = STEP_H / 24.0, loss_a, loss_d;
    int64_t side = g->side[m->battle[cell]];
    for (int64_t u = m->battle[cell]; u >= 0; u = m->ally[u]) attack += m->men[u] * g->quality[u];
    for (int64_t u = m->head[cell]; u >= 0; u = m->following[u])
        if (g->side[u] != side) defence += m->men[u] * g->quality[u] * g->cover[cell];
    if (attack <= 0.0 || defence <= 0.0) return;
    double noise = exp(NOISE_SD * normal(draw(luck, step, cell, NOISE)) - 0.5 * NOISE_SD * NOISE_SD);
    helmbold(attack, defence, LOSS_A * noise, LOSS_D * noise, 0.5, days, &loss_a, &loss_d);
    for (int64_t u = m->battle[cell]; u >= 0; u = m->ally[u]) m->men[u] *= 1.0 - loss_a;
    for (int64_t u = m->head[cell]; u >= 0; u = m->following[u])
        if (g->side[u] != side) m->men[u] *= 1.0 - loss_d;
    double ratio = attack / defence, hazard_a = HAZARD / ratio, hazard_d = HAZARD * ratio;
    if (draw(luck, step, cell, END) < 1.0 - exp(-(hazard_a + hazard_d) * days))
        if (draw(luck, step, cell, WHO) * (hazard_a + hazard_d) < hazard_d) fall_back(g, m, cell, 1 - side);
}

static void fight(const ground_t *g, room_t *m, uint64_t luck, int64_t step) {
    int64_t battles = 0;
    for (int64_t u = 0; u < g->formations; u++) {
        int64_t cell = m->target[u];
        if (cell < 0) continue;
        if (m->battle[cell] < 0) m->fought[battles++] = cell;
        m->ally[u] = m->battle[cell];
        m->battle[cell] = (int32_t)u;
    }
    for (int64_t i = 0; i < battles; i++) {
        clash(g, m, luck, step, m->fought[i]);
        m->battle[m->fought[i]] = -1;
    }
}

void play(const ground_t *g, room_t *m, told_t *t, uint64_t seed, uint64_t run, int64_t steps) {
    uint64_t luck = luck_of(seed, run);
    for (int b = 0; b < BUCKETS; b++) m->heads[b] = 0;
    for (int64_t cell = 0; cell < g->cells; cell++) {
        m->owner[cell] = g->owner[cell], m->changes[cell] = cell, m->battle[cell] = -1;
        t->first[cell] = g->owner[cell] == 0 ? 0.0f : -1.0f;
        for (int side = 0; side < 2; side++) m->count[side * g->cells + cell] = 0, m->men_on[side * g->cells + cell] = 0.0;
    }
    m->changes[g->cells] = g->cells;
    for (int64_t u = 0; u < g->formations; u++) {
        m->place[u] = g->start[u], m->men[u] = g->men[u], m->progress[u] = 0.0;
        m->heading[u] = -1, m->target[u] = -1;
    }
    for (int64_t step = 0; step < steps; step++) {
        if (step % 4 == 0) measure(g, m);
        take_stock(g, m);
        for (int64_t u = 0; u < g->formations; u++) march(g, m, t, u, step);
        take_stock(g, m);
        fight(g, m, luck, step);
        for (int64_t u = 0; u < g->formations; u++) t->place[step * g->formations + u] = m->place[u];
        if (step % 4 != 3) continue;
        int32_t held = 0;
        for (int64_t u = 0; u < g->formations; u++) t->men[step / 4 * g->formations + u] = (float)m->men[u];
        for (int64_t cell = 0; cell < g->cells; cell++) held += m->owner[cell] == 0;
        t->held[step / 4] = held;
    }
}
