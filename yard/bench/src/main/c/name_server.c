/*
 * A name server that knows all names: whoever asks for an address of IPv4 or IPv6 gets one. It can lose questions.
 *
 *   name_server ADDRESS PORT PERCENT
 *
 * Of the names that begin with an h it never sees the first question, for PERCENT of 100 of them: those whose first label has a
 * hash that says so, the same for whoever asks, with whatever number, at whatever time. The second question is answered.
 *
 * Port 0 is a free one. It says "ready PORT" and ends with its input. See RFC 1035, section 4, and RFC 6891.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 64
#define MESSAGE_BYTES 1500
#define HEADER_BYTES 12
#define QUESTION_TAIL_BYTES 4
#define LOST_SLOTS (1 << 18)
#define TYPE_A 1
#define TYPE_AAAA 28
#define HUNDRED 100
#define FNV_START 14695981039346656037u
#define FNV_PRIME 1099511628211u

static unsigned char questions[BATCH][MESSAGE_BYTES];
static unsigned char answers[BATCH][MESSAGE_BYTES];

/* The hashes of questions that have been lost once. */
static uint64_t lost[LOST_SLOTS];

static void die(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

/* The program that started this one has ended if its pipe has. */
static void end_with_input(void) {
    char line[64];

    if (read(0, line, sizeof line) <= 0) {
        exit(0);
    }
}

static uint64_t hash_of(const unsigned char *bytes, size_t count) {
    uint64_t hash = FNV_START;

    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ (uint64_t)tolower(bytes[i])) * FNV_PRIME;
    }
    return hash ^ hash >> 32;
}

/* Returns whether it was not there yet. */
static int put(uint64_t hash) {
    size_t slot = hash % LOST_SLOTS;

    while (lost[slot] != 0) {
        if (lost[slot] == hash) {
            return 0;
        }
        slot = (slot + 1) % LOST_SLOTS;
    }
    lost[slot] = hash;
    return 1;
}

static int is_lost(const unsigned char *question, size_t bytes, unsigned percent) {
    return tolower(question[1]) == 'h' && hash_of(question, question[0] + 1u) % HUNDRED < percent
            && put(hash_of(question, bytes));
}

/* Returns how many bytes the first question has, or 0 if the message has none. */
static size_t question_bytes(const unsigned char *message, size_t count) {
    size_t at = HEADER_BYTES;

    while (at < count && message[at] != 0) {
        at += message[at] + 1u;
    }
    return at + 1 + QUESTION_TAIL_BYTES <= count ? at + 1 + QUESTION_TAIL_BYTES - HEADER_BYTES : 0;
}

static size_t append(unsigned char *answer, size_t at, const void *bytes, size_t count) {
    memcpy(answer + at, bytes, count);
    return at + count;
}

/* Returns how many bytes the answer has. */
static size_t make_answer(const unsigned char *message, size_t question, unsigned char *answer) {
    static const unsigned char flags[] = {0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0};
    static const unsigned char a[] = {0xC0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};
    static const unsigned char aaaa[] = {0xC0, HEADER_BYTES, 0, TYPE_AAAA, 0, 1, 0, 0, 0, 60, 0, 16,
            0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    static const unsigned char edns[] = {0, 0, 41, 0x04, 0xD0, 0, 0, 0, 0, 0, 0};
    unsigned type = message[HEADER_BYTES + question - 3];
    size_t at = append(answer, 0, message, 2);

    at = append(answer, at, flags, sizeof flags);
    at = append(answer, at, message + HEADER_BYTES, question);
    if (type == TYPE_A) {
        at = append(answer, at, a, sizeof a);
    } else if (type == TYPE_AAAA) {
        at = append(answer, at, aaaa, sizeof aaaa);
    } else {
        answer[7] = 0;
    }
    if (message[11] == 1) {
        answer[11] = 1;
        at = append(answer, at, edns, sizeof edns);
    }
    return at;
}

/* Answers all that is there. */
static void serve(int socket, unsigned percent) {
    struct sockaddr_in senders[BATCH];
    struct iovec in[BATCH], out[BATCH];
    struct mmsghdr received[BATCH] = {0}, sent[BATCH] = {0};
    int count, left = 0;

    for (int i = 0; i < BATCH; i++) {
        in[i] = (struct iovec){questions[i], MESSAGE_BYTES};
        received[i].msg_hdr = (struct msghdr){
                .msg_name = &senders[i], .msg_namelen = sizeof senders[i], .msg_iov = &in[i], .msg_iovlen = 1};
    }
    count = recvmmsg(socket, received, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        size_t question = question_bytes(questions[i], received[i].msg_len);
        if (question > 0 && !is_lost(questions[i] + HEADER_BYTES, question, percent)) {
            out[left] = (struct iovec){answers[left], make_answer(questions[i], question, answers[left])};
            sent[left].msg_hdr = (struct msghdr){
                    .msg_name = &senders[i], .msg_namelen = sizeof senders[i], .msg_iov = &out[left], .msg_iovlen = 1};
            left++;
        }
    }
    for (int done = 0; done < left;) {
        int some = sendmmsg(socket, sent + done, (unsigned)(left - done), 0);
        done += some > 0 ? some : 1; /* who has gone meanwhile needs no answer */
    }
}

int main(int count, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    struct pollfd ready[] = {{.fd = 0, .events = POLLIN}, {.fd = server, .events = POLLIN}};

    if (count != 4 || inet_pton(AF_INET, arguments[1], &address.sin_addr) != 1) {
        fprintf(stderr, "name_server ADDRESS PORT PERCENT\n");
        return 2;
    }
    address.sin_port = htons((uint16_t)atoi(arguments[2]));
    if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) < 0
            || getsockname(server, (struct sockaddr *)&address, &length) < 0) {
        die("cannot bind");
    }
    printf("ready %d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (poll(ready, 2, -1) >= 0 || errno == EINTR) {
        if (ready[0].revents != 0) {
            end_with_input();
        }
        if (ready[1].revents != 0) {
            serve(server, (unsigned)atoi(arguments[3]));
        }
    }
    die("cannot wait");
}
