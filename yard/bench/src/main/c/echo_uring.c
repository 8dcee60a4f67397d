/*
 * Echoes what it reads, or answers it: one thread, io_uring without a library. Multishot accept and receive, a ring of buffers that the
 * kernel picks from, one io_uring_enter(2) for each turn. See io_uring_setup(2), io_uring_register(2), liburing's
 * io_uring_prep_recv_multishot(3).
 *
 * A buffer goes from the ring to a connection with its bytes, waits there for its turn to be sent, and returns to the ring
 * when it is sent. A connection sends one at a time, so that its bytes keep their order.
 */

#define _GNU_SOURCE
#include "server.h"
#include <linux/io_uring.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define ENTRIES 4096
#define COMPLETIONS (16 * ENTRIES)
#define BUFFERS 4096
#define GROUP 0
#define NONE (-1)
#define MOST_DESCRIPTORS 65536

/* What a completion is about stands in the upper half of its user data, the descriptor in the lower. */
enum operation { ACCEPT, RECEIVE, SEND, INPUT };

struct connection {
    int first;
    int last;
    char open;
    char sending;
    char ended;
};

static int ring_fd;
static struct io_uring_sqe *entries;
static struct io_uring_cqe *completions;
static _Atomic unsigned *sq_tail, *sq_head, *cq_head, *cq_tail;
static unsigned sq_mask, cq_mask, tail, unsubmitted;
static struct io_uring_buf_ring *buffers;
static uint16_t buffers_tail;
static char *memory;
static struct connection connections[MOST_DESCRIPTORS];
static int starved[MOST_DESCRIPTORS], starved_count;

/* Of each buffer that is out: how much is to be sent, what is sent, and the next of the same connection. */
static struct { int count, sent, next; } out[BUFFERS];

static void *map(size_t bytes, off_t offset) {
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring_fd, offset);

    if (at == MAP_FAILED) {
        die("cannot map the ring");
    }
    return at;
}

static void enter(unsigned wait_for) {
    int done = (int)syscall(SYS_io_uring_enter, ring_fd, unsubmitted, wait_for, IORING_ENTER_GETEVENTS, NULL, 0);

    if (done >= 0) {
        unsubmitted -= (unsigned)done;
    } else if (errno != EINTR && errno != EBUSY && errno != EAGAIN) {
        die("io_uring_enter");
    }
}

static void give_back(int id) {
    struct io_uring_buf *entry = &buffers->bufs[buffers_tail & (BUFFERS - 1)];

    entry->addr = (uintptr_t)(memory + (size_t)id * BUFFER_BYTES);
    entry->len = BUFFER_BYTES;
    entry->bid = (uint16_t)id;
    atomic_store_explicit((_Atomic uint16_t *)&buffers->tail, ++buffers_tail, memory_order_release);
}

static void set_up(void) {
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE,
        .cq_entries = COMPLETIONS,
    };
    struct io_uring_buf_reg registration = {.ring_entries = BUFFERS, .bgid = GROUP};
    size_t completions_end, array_end;
    char *rings;

    ring_fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &params);
    if (ring_fd < 0) {
        die("io_uring_setup; the kernel is too old or forbids it");
    }
    /* Since Linux 5.4 both rings are in one mapping. */
    completions_end = params.cq_off.cqes + params.cq_entries * sizeof *completions;
    array_end = params.sq_off.array + params.sq_entries * sizeof(unsigned);
    rings = map(completions_end > array_end ? completions_end : array_end, IORING_OFF_SQ_RING);
    entries = map(params.sq_entries * sizeof *entries, IORING_OFF_SQES);
    completions = (struct io_uring_cqe *)(rings + params.cq_off.cqes);
    sq_head = (_Atomic unsigned *)(rings + params.sq_off.head);
    sq_tail = (_Atomic unsigned *)(rings + params.sq_off.tail);
    cq_head = (_Atomic unsigned *)(rings + params.cq_off.head);
    cq_tail = (_Atomic unsigned *)(rings + params.cq_off.tail);
    sq_mask = params.sq_entries - 1;
    cq_mask = params.cq_entries - 1;
    for (unsigned i = 0; i < params.sq_entries; i++) {
        ((unsigned *)(rings + params.sq_off.array))[i] = i;
    }
    buffers = mmap(NULL, BUFFERS * sizeof(struct io_uring_buf), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memory = mmap(NULL, (size_t)BUFFERS * BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (buffers == MAP_FAILED || memory == MAP_FAILED) {
        die("no memory for buffers");
    }
    registration.ring_addr = (uintptr_t)buffers;
    if (syscall(SYS_io_uring_register, ring_fd, IORING_REGISTER_PBUF_RING, &registration, 1) < 0) {
        die("cannot register the buffers");
    }
    for (int id = 0; id < BUFFERS; id++) {
        give_back(id);
    }
}

static struct io_uring_sqe *ask(enum operation operation, int opcode, int fd) {
    struct io_uring_sqe *entry;

    while (tail - atomic_load_explicit(sq_head, memory_order_acquire) > sq_mask) {
        enter(0);
    }
    entry = &entries[tail & sq_mask];
    memset(entry, 0, sizeof *entry);
    entry->opcode = (uint8_t)opcode;
    entry->fd = fd;
    entry->user_data = (uint64_t)operation << 32 | (uint32_t)fd;
    atomic_store_explicit(sq_tail, ++tail, memory_order_release);
    unsubmitted++;
    return entry;
}

static void ask_accept(int listener) {
    ask(ACCEPT, IORING_OP_ACCEPT, listener)->ioprio = IORING_ACCEPT_MULTISHOT;
}

static void ask_receive(int fd) {
    struct io_uring_sqe *entry = ask(RECEIVE, IORING_OP_RECV, fd);

    entry->ioprio = IORING_RECV_MULTISHOT;
    entry->flags = IOSQE_BUFFER_SELECT;
    entry->buf_group = GROUP;
}

static void ask_send(int fd) {
    int id = connections[fd].first;
    struct io_uring_sqe *entry = ask(SEND, IORING_OP_SEND, fd);

    entry->addr = (uintptr_t)((answer_text != NULL ? answer_text : memory + (size_t)id * BUFFER_BYTES) + out[id].sent);
    entry->len = (uint32_t)(out[id].count - out[id].sent);
    entry->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
    connections[fd].sending = 1;
}

static void ask_input(void) {
    ask(INPUT, IORING_OP_POLL_ADD, 0)->poll32_events = POLLIN;
}

static void drop_first(struct connection *connection) {
    int id = connection->first;

    connection->first = out[id].next;
    give_back(id);
}

/* Only when no operation of it is under way may its descriptor get another meaning. */
static void close_if_done(int fd) {
    struct connection *connection = &connections[fd];

    if (connection->open && connection->ended && !connection->sending) {
        while (connection->first != NONE) {
            drop_first(connection);
        }
        connection->open = 0;
        close(fd);
    }
}

static void accepted(const struct io_uring_cqe *done, int listener) {
    if (done->res >= 0) {
        if (done->res >= MOST_DESCRIPTORS) {
            errno = EMFILE;
            die("too many connections");
        }
        connections[done->res] = (struct connection){.first = NONE, .last = NONE, .open = 1};
        send_at_once(done->res);
        ask_receive(done->res);
    } else if (done->res != -ECONNABORTED) {
        errno = -done->res;
        die("cannot accept");
    }
    if (!(done->flags & IORING_CQE_F_MORE)) {
        ask_accept(listener);
    }
}

static void received(const struct io_uring_cqe *done, int fd) {
    struct connection *connection = &connections[fd];

    if (done->res > 0) {
        int id = (int)(done->flags >> IORING_CQE_BUFFER_SHIFT);
        out[id].count = answer_text != NULL ? (int)answer_bytes : done->res;
        out[id].sent = 0;
        out[id].next = NONE;
        if (connection->first == NONE) {
            connection->first = id;
        } else {
            out[connection->last].next = id;
        }
        connection->last = id;
        if (!connection->sending) {
            ask_send(fd);
        }
    }
    if (done->flags & IORING_CQE_F_MORE) {
        return;
    }
    if (done->res == -ENOBUFS) {
        starved[starved_count++] = fd;
    } else if (done->res > 0) {
        ask_receive(fd);
    } else {
        connection->ended = 1;
        close_if_done(fd);
    }
}

static void sent(const struct io_uring_cqe *done, int fd) {
    struct connection *connection = &connections[fd];
    int id = connection->first;

    connection->sending = 0;
    if (done->res > 0) {
        out[id].sent += done->res;
        if (out[id].sent == out[id].count) {
            drop_first(connection);
        }
        if (connection->first != NONE) {
            ask_send(fd);
            return;
        }
    } else {
        while (connection->first != NONE) {
            drop_first(connection);
        }
        shutdown(fd, SHUT_RDWR);
    }
    close_if_done(fd);
}

static void answer(const struct io_uring_cqe *done) {
    int fd = (int)(uint32_t)done->user_data;

    switch ((enum operation)(done->user_data >> 32)) {
    case ACCEPT:
        accepted(done, fd);
        break;
    case RECEIVE:
        received(done, fd);
        break;
    case SEND:
        sent(done, fd);
        break;
    case INPUT:
        end_with_input();
        ask_input();
        break;
    }
}

int main(int count, char **arguments) {
    take_answer(count, arguments);
    set_up();
    ask_accept(listen_on_loopback(0));
    ask_input();
    for (;;) {
        unsigned head, last;
        enter(1);
        head = atomic_load_explicit(cq_head, memory_order_relaxed);
        last = atomic_load_explicit(cq_tail, memory_order_acquire);
        for (; head != last; head++) {
            answer(&completions[head & cq_mask]);
            atomic_store_explicit(cq_head, head + 1, memory_order_release);
        }
        /* Their buffers have come back, or will with the sends that are under way. */
        while (starved_count > 0) {
            ask_receive(starved[--starved_count]);
        }
    }
}
