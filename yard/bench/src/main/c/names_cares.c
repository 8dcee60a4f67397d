/*
 * Looks names up by c-ares, as names.h says: one channel, one thread with epoll, its defaults for timeouts and tries.
 *
 *   names_cares ADDRESS:PORT AT_ONCE
 *
 * A look-up that fails is begun again. See ares_query(3), ares_process_fd(3), ares_timeout(3).
 */

#define _GNU_SOURCE
#include "names.h"
#include <ares.h>
#include <netdb.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

#define EVENTS 64
#define TYPE_A 1
#define CLASS_INTERNET 1
#define MICROS_OF_A_MILLI 1000
#define MILLIS_OF_A_SECOND 1000

struct question {
    int index;
    long long begin_nanos;
};

static ares_channel channel;
static int events_fd, next_name, under_way;

static void check(int status) {
    if (status != ARES_SUCCESS) {
        fail("c-ares", ares_strerror(status));
    }
}

/* Called by c-ares when it opens or closes a socket, and when it has to wait to send. */
static void watch(void *unused, ares_socket_t socket, int readable, int writable) {
    struct epoll_event event = {
            .events = (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u), .data.fd = socket};

    (void)unused;
    if (!readable && !writable) {
        epoll_ctl(events_fd, EPOLL_CTL_DEL, socket, NULL);
    } else if (epoll_ctl(events_fd, EPOLL_CTL_MOD, socket, &event) < 0
            && epoll_ctl(events_fd, EPOLL_CTL_ADD, socket, &event) < 0) {
        fail("epoll_ctl", "cannot watch a socket");
    }
}

static void answered(void *question, int status, int timeouts, unsigned char *answer, int bytes);

static void ask(struct question *question) {
    char name[NAME_BYTES];

    write_name(question->index, name);
    ares_query(channel, name, CLASS_INTERNET, TYPE_A, answered, question);
}

static void ask_next(struct question *question) {
    if (next_name == names) {
        under_way--;
        return;
    }
    question->index = next_name++;
    question->begin_nanos = now_nanos();
    ask(question);
}

static void answered(void *argument, int status, int timeouts, unsigned char *answer, int bytes) {
    struct question *question = argument;
    struct hostent *host = NULL;

    (void)timeouts;
    if (status == ARES_ETIMEOUT) {
        ask(question);
        return;
    }
    check(status);
    check(ares_parse_a_reply(answer, bytes, &host, NULL, NULL));
    ares_free_hostent(host);
    nanos_of_each[question->index] = now_nanos() - question->begin_nanos;
    ask_next(question);
}

static void wait_once(void) {
    struct epoll_event events[EVENTS];
    struct timeval patience, *left = ares_timeout(channel, NULL, &patience);
    long millis = left == NULL ? -1
            : left->tv_sec * MILLIS_OF_A_SECOND + (left->tv_usec + MICROS_OF_A_MILLI - 1) / MICROS_OF_A_MILLI;
    int count = epoll_wait(events_fd, events, EVENTS, (int)millis);

    for (int i = 0; i < count; i++) {
        ares_process_fd(channel, events[i].events & ~(uint32_t)EPOLLOUT ? events[i].data.fd : ARES_SOCKET_BAD,
                events[i].events & EPOLLOUT ? events[i].data.fd : ARES_SOCKET_BAD);
    }
    if (count == 0) {
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    }
}

int main(int count, char **arguments) {
    struct ares_options options = {.sock_state_cb = watch};
    struct question *questions;
    int most;

    if (count != 3 || (most = atoi(arguments[2])) <= 0) {
        fail("names_cares", "ADDRESS:PORT AT_ONCE");
    }
    questions = calloc((size_t)most, sizeof *questions);
    events_fd = epoll_create1(0);
    check(ares_library_init(ARES_LIB_INIT_ALL));
    check(ares_init_options(&channel, &options, ARES_OPT_SOCK_STATE_CB));
    check(ares_set_servers_ports_csv(channel, arguments[1]));
    while (next_round()) {
        long long begin = now_nanos();
        next_name = 0;
        under_way = most;
        for (int i = 0; i < most; i++) {
            ask_next(&questions[i]);
        }
        while (under_way > 0) {
            wait_once();
        }
        tell_round(begin);
    }
    ares_destroy(channel);
    ares_library_cleanup();
    return 0;
}
