/*
 * Echoes what it reads, or answers it: one thread, edge-triggered epoll, a buffer for all connections. The least that a server on epoll can
 * do for a message, two system calls and its share of a third. See epoll(7).
 */

#define _GNU_SOURCE
#include "server.h"
#include <sys/epoll.h>

#define EVENTS 1024

/* What a connection could not send yet; none as long as its client reads. */
struct connection {
    int fd;
    size_t unsent_bytes;
    char *unsent;
};

static char buffer[BUFFER_BYTES];
static int events_fd;

static void watch(int fd, uint32_t events, void *data) {
    struct epoll_event event = {.events = events, .data.ptr = data};

    if (epoll_ctl(events_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
        die("cannot watch a descriptor");
    }
}

static void end(struct connection *connection) {
    close(connection->fd);
    free(connection->unsent);
    free(connection);
}

/* Returns how many bytes the system took, or -1 if the connection is lost. */
static ssize_t send_some(int fd, const char *bytes, size_t count) {
    size_t sent = 0;

    while (sent < count) {
        ssize_t now = send(fd, bytes + sent, count - sent, MSG_NOSIGNAL);
        if (now < 0) {
            return errno == EAGAIN ? (ssize_t)sent : -1;
        }
        sent += (size_t)now;
    }
    return (ssize_t)sent;
}

/* Returns whether there is nothing left to send, -1 if the connection is lost. */
static int flush(struct connection *connection) {
    ssize_t sent;

    if (connection->unsent_bytes == 0) {
        return 1;
    }
    sent = send_some(connection->fd, connection->unsent, connection->unsent_bytes);
    if (sent < 0) {
        return -1;
    }
    connection->unsent_bytes -= (size_t)sent;
    memmove(connection->unsent, connection->unsent + sent, connection->unsent_bytes);
    return connection->unsent_bytes == 0;
}

static int keep(struct connection *connection, const char *bytes, size_t count) {
    if (connection->unsent == NULL && (connection->unsent = malloc(BUFFER_BYTES)) == NULL) {
        return -1;
    }
    memcpy(connection->unsent, bytes, count);
    connection->unsent_bytes = count;
    return 0;
}

static void serve(struct connection *connection) {
    int flushed = flush(connection);

    while (flushed == 1) {
        ssize_t count = recv(connection->fd, buffer, sizeof buffer, 0);
        ssize_t size, sent;
        const char *bytes;
        if (count <= 0) {
            if (count < 0 && errno == EAGAIN) {
                return;
            }
            flushed = -1;
            break;
        }
        bytes = answer_text != NULL ? answer_text : buffer;
        size = answer_text != NULL ? (ssize_t)answer_bytes : count;
        sent = send_some(connection->fd, bytes, (size_t)size);
        if (sent < 0 || (sent < size && keep(connection, bytes + sent, (size_t)(size - sent)) < 0)) {
            flushed = -1;
            break;
        }
        /* A read that came short has seen all there was; the edge tells of more. */
        if (sent < size || count < (ssize_t)sizeof buffer) {
            return;
        }
    }
    if (flushed < 0) {
        end(connection);
    }
}

static void accept_all(int listener) {
    int fd;

    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *connection = calloc(1, sizeof *connection);
        if (connection == NULL) {
            die("no memory for a connection");
        }
        connection->fd = fd;
        send_at_once(fd);
        watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, connection);
    }
    if (errno != EAGAIN && errno != ECONNABORTED) {
        die("cannot accept");
    }
}

int main(int count, char **arguments) {
    static struct epoll_event ready[EVENTS];
    int listener;

    take_answer(count, arguments);
    listener = listen_on_loopback(SOCK_NONBLOCK);
    events_fd = epoll_create1(0);
    watch(listener, EPOLLIN, &listener);
    watch(0, EPOLLIN, NULL);
    for (;;) {
        int events = epoll_wait(events_fd, ready, EVENTS, -1);
        for (int i = 0; i < events; i++) {
            void *data = ready[i].data.ptr;
            if (data == NULL) {
                end_with_input();
            } else if (data == &listener) {
                accept_all(listener);
            } else {
                serve(data);
            }
        }
    }
}
