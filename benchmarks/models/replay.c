/* The same replay as a loop in C: limiter window, retry with full jitter, breaker, errors by chance, and
   optionally the provider's own window. What a programmer would write who wants it fast; outcomes are identical. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct { double time; int64_t order; int64_t query; } event;

enum { ANSWERED, RECOVERED, RETRIES_EXHAUSTED, NON_RETRYABLE, RATE_LIMITED, BREAKER_OPEN };
enum { CLOSED, OPEN, HALF_OPEN };
enum { OK, TRANSIENT, THROTTLED };
enum { NO_ATTEMPTS = 1, DEADLINE = 2 };

static const int64_t ARRIVAL = (int64_t)1 << 61, RETRY = (int64_t)1 << 62;

static uint64_t splitmix64(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

static double uniform(uint64_t seed, uint64_t query, uint64_t attempt, uint64_t purpose) {
    uint64_t key = splitmix64(seed + (query + 1) * 0x9E3779B97F4A7C15ULL);
    return (double)(splitmix64(key + (2 * attempt + purpose + 1) * 0x9E3779B97F4A7C15ULL) >> 11) * 0x1p-53;
}

static int before(const event *a, const event *b) {
    return a->time < b->time || (a->time == b->time && a->order < b->order);
}

static void push(event *heap, int64_t size, event e) {
    int64_t at = size;
    while (at > 0) {
        int64_t parent = (at - 1) / 2;
        if (!before(&e, &heap[parent])) break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = e;
}

static void drop_first(event *heap, int64_t size) {
    event e = heap[size - 1];
    int64_t at = 0, last = size - 1;
    for (;;) {
        int64_t child = 2 * at + 1;
        if (child >= last) break;
        if (child + 1 < last && before(&heap[child + 1], &heap[child])) child++;
        if (before(&e, &heap[child])) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = e;
}

typedef struct { double *starts; int64_t n, oldest; } window;

static double next_start(const window *w, double now) {
    double previous = w->starts[(w->oldest ? w->oldest : w->n) - 1];
    double full = w->starts[w->oldest] + 60.0;
    double start = now > previous ? now : previous;
    return start > full ? start : full;
}

static void take(window *w, double start) {
    w->starts[w->oldest] = start;
    w->oldest = w->oldest + 1 == w->n ? 0 : w->oldest + 1;
}

static window fresh(int64_t n) {
    window w = { malloc(sizeof(double) * (n ? n : 1)), n, 0 };
    for (int64_t i = 0; i < n; i++) w.starts[i] = -INFINITY;
    return w;
}

int64_t replay(int64_t n, const double *arrival, const double *service, double error_rate, uint64_t seed,
               int64_t rpm, double max_wait, int64_t provider_rpm, int64_t max_retries, double base, double cap,
               double multiplier, int64_t threshold, double timeout, int8_t *outcome, int32_t *attempts,
               int32_t *throttled, double *start_of, double *end, double *waited, double *backoff, int8_t *reason,
               double *sent, int64_t *longest_queue) {
    event *heap = malloc(sizeof(event) * (n + 1));
    int64_t *generation_of = malloc(sizeof(int64_t) * n);
    int8_t *status = malloc(n);
    double *asked_of = malloc(sizeof(double) * n);
    window limiter = fresh(rpm), provider = fresh(provider_rpm);
    int64_t size = 0, cursor = 0, sequence = 0, count = 0, left = 0, longest = 0;
    int mode = CLOSED;
    int64_t generation = 0, failures = 0;
    double probe_at = -INFINITY;

    while (cursor < n || size > 0) {
        double now;
        int64_t order, q;
        sequence++;
        if (cursor < n && (size == 0 || arrival[cursor] < heap[0].time ||
                           (arrival[cursor] == heap[0].time && heap[0].order > ARRIVAL))) {
            now = arrival[cursor], order = ARRIVAL, q = cursor++;
        } else {
            now = heap[0].time, order = heap[0].order, q = heap[0].query;
            drop_first(heap, size--);
        }
        if (order < ARRIVAL) {
            int result = status[q];
            if (generation_of[q] == generation) {
                if (mode == HALF_OPEN) {
                    generation++;
                    if (result == OK) mode = CLOSED, failures = 0;
                    else if (result == TRANSIENT) mode = OPEN, probe_at = now + timeout;
                    else probe_at = now;
                } else if (result == OK) {
                    failures = 0;
                } else if (result == TRANSIENT && ++failures >= threshold) {
                    mode = OPEN, generation++, probe_at = now + timeout;
                }
            }
            if (result == OK) {
                outcome[q] = attempts[q] == 1 ? ANSWERED : RECOVERED, end[q] = now;
            } else if (attempts[q] > max_retries || asked_of[q] > 120.0) {
                outcome[q] = RETRIES_EXHAUSTED, end[q] = now, reason[q] = attempts[q] > max_retries ? NO_ATTEMPTS : DEADLINE;
            } else {
                double delay = base * pow(multiplier, attempts[q] - 1);
                delay = uniform(seed, q, attempts[q], 1) * (delay < cap ? delay : cap);
                double again = now + (asked_of[q] > delay ? asked_of[q] : delay);
                backoff[q] += again - now;
                push(heap, size++, (event){ again, RETRY + sequence, q });
            }
            continue;
        }
        if (mode != CLOSED) {
            if (now < probe_at) {
                outcome[q] = BREAKER_OPEN, end[q] = now;
                continue;
            }
            mode = HALF_OPEN, generation++, probe_at = now + timeout;
        }
        double start = next_start(&limiter, now);
        if (start - now > max_wait + 1e-6) {
            if (mode == HALF_OPEN) generation++, probe_at = now;
            outcome[q] = RATE_LIMITED, end[q] = now;
            continue;
        }
        take(&limiter, start);
        waited[q] += start - now;
        generation_of[q] = generation;
        if (attempts[q]++ == 0) start_of[q] = start;
        asked_of[q] = 0.0;
        double back = start + service[q];
        if (provider_rpm && next_start(&provider, start) - start > 1e-6) {
            double reset = provider.starts[(provider.oldest ? provider.oldest : provider.n) - 1] + 60.0;
            asked_of[q] = ceil((reset - start) * 1000.0) / 1000.0;
            status[q] = THROTTLED, throttled[q]++, back = start;
        } else {
            if (provider_rpm) take(&provider, next_start(&provider, start));
            status[q] = uniform(seed, q, attempts[q] - 1, 0) < error_rate ? TRANSIENT : OK;
        }
        push(heap, size++, (event){ back, sequence, q });
        sent[count++] = start;
        while (left < count && sent[left] <= now) left++;
        if (count - left > longest) longest = count - left;
    }
    *longest_queue = longest;
    free(heap), free(generation_of), free(status), free(asked_of), free(limiter.starts), free(provider.starts);
    return count;
}
