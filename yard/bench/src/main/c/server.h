/*
 * What the echo servers have in common: they listen on a free port of the loopback address, say "ready PORT", and end with
 * their standard input, so that they outlive nobody. With an argument they answer each read with its text.
 */

#ifndef SERVER_H
#define SERVER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096
/* More than the largest message, so that a read of one comes short and nobody has to look for more. */
#define BUFFER_BYTES (17 * 1024)

/* What each read is answered with in place of its own bytes; nothing for an echo. */
static const char *answer_text;
static size_t answer_bytes;

static void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static void allow_many_descriptors(void) {
    struct rlimit descriptors;

    getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit(RLIMIT_NOFILE, &descriptors);
}

static int listen_on_loopback(int flags) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | flags, 0);

    allow_many_descriptors();
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, BACKLOG) < 0
            || getsockname(listener, (struct sockaddr *)&address, &length) < 0) {
        die("cannot listen");
    }
    printf("ready %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

/* The least that a server of HTTP can do for a request that comes whole: it is not even looked at. */
static void take_answer(int count, char **arguments) {
    if (count > 1) {
        answer_text = arguments[1];
        answer_bytes = strlen(answer_text);
    }
}

/* The program that started this one has ended if its pipe has. */
static void end_with_input(void) {
    char line[64];

    if (read(0, line, sizeof line) <= 0) {
        exit(0);
    }
}

static void send_at_once(int connection) {
    int on = 1;

    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

#endif
