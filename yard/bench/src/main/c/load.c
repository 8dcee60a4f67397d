/*
 * Loads a server of echoes, of pages or of WebSockets over many connections, on one thread with epoll, and says on one line of JSON how it
 * went.
 *
 *   load -p PORT -c CONNECTIONS [-s BYTES | -g PATH | -W PATH [-s BYTES] [-t]] [-d SECONDS] [-w SECONDS] [-r RATE] [-i IDLE] [-P PID]
 *   load -p PORT -H
 *
 * Closed loop, without -r: each connection sends a message, waits for its echo, and sends the next.
 *
 * Open loop, with -r: RATE messages a second in all, evenly spaced, by turns over the connections. When a message is due on a
 * connection that still waits for an echo, it waits too, and its latency is counted from the moment when it was due. So a
 * server that stops for a while is seen by all messages that were meant for that time, not by one for each connection ("co-
 * ordinated omission").
 *
 * -w is the time before the counting begins. -i opens so many connections besides, which send one message and are then idle.
 * -P is the process of the server: its CPU time over the counted time is told too, that of all its threads in user and system
 * mode. See clock_getcpuclockid(3).
 *
 * -H holds: for each number that it reads, it grows to that many idle connections and says "holds NUMBER".
 *
 * -g asks for a page by HTTP/1.1 instead of sending bytes to be echoed. The first answer says how long all are: a page does not
 * change, and a Date has one length (RFC 9110, section 5.6.7). Each answer must begin with "HTTP/1.1 200" just behind the last.
 *
 * -W opens a WebSocket at the path over each connection (RFC 6455), and sends messages of so many bytes, binary or with -t text,
 * that are to be echoed as messages of one frame. All are the same frame with the same mask: a client that draws one for each
 * message is not what is measured.
 *
 * Every byte that is echoed is compared. The addresses are 127.0.0.1, 127.0.0.2 and so on by turns, since each has no more than
 * some 28,000 ports. All connections end with a reset, so that no port stays behind in TIME_WAIT.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 1024
#define CONNECTIONS_OF_AN_ADDRESS 4000
#define CONNECTS_AT_ONCE 256
#define MOST_BYTES (64 * 1024)
#define PATTERN_SHIFTS 4096
#define MOST_PATH 1024
#define GOOD_ANSWER "HTTP/1.1 200"
#define GOOD_SWITCH "HTTP/1.1 101"
#define HEAD_END "\r\n\r\n"
#define MOST_FRAME_HEAD 8
#define MOST_FRAME_BYTES (MOST_BYTES - 1)
#define TEXT_FRAME 0x81
#define BINARY_FRAME 0x82
#define MASKED 0x80
#define NANOS 1000000000LL
#define CONNECT_LIMIT_NANOS (60 * NANOS)
#define DRAIN_LIMIT_NANOS (5 * NANOS)

/* Sleeps end this much before a message is due, since waking takes its time. */
#define SPIN_NANOS 100000LL

/* A histogram with buckets that are wide 1/128 of their value at most. */
#define SUB_BITS 7
#define SUB_BUCKETS (1 << SUB_BITS)
#define BUCKETS ((64 - SUB_BITS + 1) * SUB_BUCKETS)

struct connection {
    int fd;
    unsigned number;
    unsigned sequence;
    unsigned sent;
    unsigned got;
    char waiting;
    /* Whether it speaks what is measured: for a WebSocket, whether its handshake is over. */
    char open;
    /* How much of the end of the handshake's answer has come. */
    unsigned char ended;
    /* When the message under way was due. */
    int64_t due;
    /* How many more are due since. */
    int64_t late;
};

static int port, size = 64, pid;
static const char *path, *socket_path;
static int text;
static char request[MOST_BYTES + MOST_FRAME_HEAD], handshake[MOST_PATH + 256], echo[MOST_BYTES + MOST_FRAME_HEAD];
static unsigned request_bytes, answer_bytes, handshake_bytes;
static unsigned active_count, idle_count;
static double seconds = 1, warm_seconds = 0.2, rate;
static struct connection *connections;
static unsigned connected;
static int events_fd;
static char pattern[MOST_BYTES + PATTERN_SHIFTS];
static char input[MOST_BYTES + MOST_FRAME_HEAD];
static uint64_t histogram[BUCKETS], counted;
/* Those that came before and behind the counted time as well. */
static uint64_t answers;
static int64_t most, count_from, count_to;
static double spacing;

static void die(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "load: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    exit(1);
}

static int64_t now(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * NANOS + time.tv_nsec;
}

static unsigned bucket(uint64_t value) {
    int shift = value < SUB_BUCKETS ? 0 : 63 - __builtin_clzll(value) - SUB_BITS;

    return value < SUB_BUCKETS ? (unsigned)value : (unsigned)(shift * SUB_BUCKETS + (value >> shift));
}

/* The largest value of a bucket. */
static uint64_t bucket_end(unsigned index) {
    unsigned shift = index < 2 * SUB_BUCKETS ? 0 : index / SUB_BUCKETS - 1;

    return index < SUB_BUCKETS ? index : (((uint64_t)(index - shift * SUB_BUCKETS) + 1) << shift) - 1;
}

static void count(int64_t latency) {
    histogram[bucket((uint64_t)latency)]++;
    counted++;
    if (latency > most) {
        most = latency;
    }
}

static double percentile_micros(double part) {
    uint64_t rank = (uint64_t)((double)counted * part), seen = 0;

    for (unsigned i = 0; i < BUCKETS; i++) {
        seen += histogram[i];
        if (seen > rank) {
            uint64_t end = bucket_end(i);
            return (double)(end < (uint64_t)most ? end : (uint64_t)most) / 1e3;
        }
    }
    return (double)most / 1e3;
}

/* The bytes of a message; when they are echoed, others for each connection and for each message. */
static const char *bytes(const struct connection *connection) {
    return path != NULL || socket_path != NULL ? request : pattern + (connection->number * 31 + connection->sequence * 7) % PATTERN_SHIFTS;
}

static void make_pattern(void) {
    uint32_t state = 2463534242u;

    for (size_t i = 0; i < sizeof pattern; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        pattern[i] = (char)state;
    }
}

static void start_connect(unsigned number) {
    struct connection *connection = &connections[number];
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    struct linger reset = {.l_onoff = 1};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = connection};
    int on = 1;

    *connection = (struct connection){.number = number, .open = socket_path == NULL};
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number / CONNECTIONS_OF_AN_ADDRESS);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connection->fd < 0) {
        die("connection %u: %s; see ulimit -n", number, strerror(errno));
    }
    setsockopt(connection->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (bind(connection->fd, (struct sockaddr *)&from, sizeof from) < 0
            || (connect(connection->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)) {
        die("connection %u: %s", number, strerror(errno));
    }
    if (epoll_ctl(events_fd, EPOLL_CTL_ADD, connection->fd, &event) < 0) {
        die("epoll_ctl: %s", strerror(errno));
    }
}

/* Sends what is left of the message. */
static void push(struct connection *connection) {
    while (connection->sent < request_bytes) {
        ssize_t sent = send(connection->fd, bytes(connection) + connection->sent, request_bytes - connection->sent,
                MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EAGAIN) {
                return;
            }
            die("connection %u is lost while sending: %s", connection->number, strerror(errno));
        }
        connection->sent += (unsigned)sent;
    }
}

static void send_next(struct connection *connection, int64_t due) {
    connection->due = due;
    connection->sequence++;
    connection->sent = 0;
    connection->got = 0;
    connection->waiting = 1;
    push(connection);
}

/* Whether the bytes that came are those that should. */
static int is_good(const struct connection *connection, size_t got) {
    size_t known = sizeof GOOD_ANSWER - 1;

    if (socket_path != NULL) {
        return memcmp(input, echo + connection->got, got) == 0;
    }
    if (path == NULL) {
        return memcmp(input, bytes(connection) + connection->got, got) == 0;
    }
    return connection->got >= known
            || memcmp(input, &GOOD_ANSWER[connection->got], got < known - connection->got ? got : known - connection->got) == 0;
}

/* Reads what has come. Returns whether the message is complete. */
static int pull(struct connection *connection) {
    while (connection->waiting) {
        size_t missing = answer_bytes - connection->got;
        ssize_t got = recv(connection->fd, input, missing, 0);
        if (got <= 0) {
            if (got < 0 && errno == EAGAIN) {
                return 0;
            }
            die("connection %u is lost: %s", connection->number, got == 0 ? "the server has closed it" : strerror(errno));
        }
        if (!is_good(connection, (size_t)got)) {
            die("connection %u: wrong bytes in message %u", connection->number, connection->sequence);
        }
        connection->got += (unsigned)got;
        if (connection->got == answer_bytes) {
            connection->waiting = 0;
            answers++;
            return 1;
        }
        if ((size_t)got < missing && answer_bytes < MOST_BYTES / 4) {
            return 0;
        }
    }
    return 0;
}

/* Sends the handshake of a WebSocket and reads its answer. Returns whether it is over. */
static int shake_hands(struct connection *connection) {
    size_t known = sizeof GOOD_SWITCH - 1;

    if (connection->sent == 0) {
        if (send(connection->fd, handshake, handshake_bytes, MSG_NOSIGNAL) != (ssize_t)handshake_bytes) {
            die("connection %u takes no handshake", connection->number);
        }
        connection->sent = handshake_bytes;
    }
    while (connection->ended < sizeof HEAD_END - 1) {
        /* One byte at a time, since nothing behind the head may be taken. */
        ssize_t got = recv(connection->fd, input, 1, 0);
        if (got < 0 && errno == EAGAIN) {
            return 0;
        }
        if (got <= 0 || (connection->got < known && input[0] != GOOD_SWITCH[connection->got])) {
            die("connection %u: the server opens no WebSocket at %s", connection->number, socket_path);
        }
        connection->got++;
        connection->ended = (unsigned char)(input[0] == HEAD_END[connection->ended] ? connection->ended + 1 : input[0] == '\r');
    }
    connection->open = 1;
    return 1;
}

/* Grows to so many connections, each of which has had one message echoed. */
static void grow(unsigned count) {
    struct epoll_event ready[EVENTS];
    unsigned started = connected;
    int64_t limit = now() + CONNECT_LIMIT_NANOS;

    while (connected < count) {
        int found;
        while (started < count && started - connected < CONNECTS_AT_ONCE) {
            start_connect(started++);
        }
        found = epoll_wait(events_fd, ready, EVENTS, 1000);
        for (int i = 0; i < found; i++) {
            struct connection *connection = ready[i].data.ptr;
            if (ready[i].events & (EPOLLERR | EPOLLHUP)) {
                int error = 0;
                socklen_t length = sizeof error;
                getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length);
                die("connection %u: %s", connection->number, strerror(error));
            }
            if (connection->sequence == 0 && (ready[i].events & EPOLLOUT)) {
                if (connection->open || shake_hands(connection)) {
                    send_next(connection, 0);
                }
            } else if (connection->waiting) {
                push(connection);
            }
            if (connection->waiting && pull(connection)) {
                connected++;
            }
        }
        if (now() > limit) {
            die("only %u of %u connections were answered in time", connected, count);
        }
    }
}

static void arrived(struct connection *connection, int64_t time) {
    int64_t due = rate > 0 ? connection->due : time;

    if (rate > 0 ? due >= count_from && due < count_to : time >= count_from && time < count_to) {
        count(time - connection->due);
    }
    if (rate <= 0) {
        if (time < count_to) {
            send_next(connection, time);
        }
    } else if (connection->late > 0) {
        connection->late--;
        send_next(connection, due + (int64_t)(spacing * active_count));
    }
}

/* How long to wait for events, until the next message is due: 0 if that is soon. */
static struct timespec until(int64_t due, int64_t time) {
    int64_t left = due - time - SPIN_NANOS;

    return left <= 0 ? (struct timespec){0} : (struct timespec){.tv_sec = left / NANOS, .tv_nsec = left % NANOS};
}

static int64_t cpu_nanos(clockid_t clock) {
    struct timespec time;

    if (clock_gettime(clock, &time) < 0) {
        die("the server has ended");
    }
    return time.tv_sec * NANOS + time.tv_nsec;
}

static int64_t server_cpu_nanos(void) {
    clockid_t clock;

    if (pid == 0) {
        return 0;
    }
    if (clock_getcpuclockid(pid, &clock) != 0) {
        die("the server has ended");
    }
    return cpu_nanos(clock);
}

static void count_unanswered(void) {
    int64_t time = now();

    for (unsigned i = 0; i < active_count; i++) {
        struct connection *connection = &connections[i];
        int64_t due = connection->due;
        for (int64_t n = connection->waiting ? connection->late + 1 : 0; n > 0; n--) {
            if (due >= count_from && due < count_to) {
                count(time - due);
            }
            due += (int64_t)(spacing * active_count);
        }
    }
}

static unsigned waiting_count(void) {
    unsigned waiting = 0;

    for (unsigned i = 0; i < active_count; i++) {
        waiting += (unsigned)connections[i].waiting;
    }
    return waiting;
}

/* Sends the messages of the open loop that are due by now. Returns when the next one is. */
static int64_t send_due(int64_t start, int64_t time) {
    static uint64_t started;

    for (;;) {
        int64_t due = start + (int64_t)((double)started * spacing);
        struct connection *connection = &connections[started % active_count];
        if (due > time || due >= count_to) {
            return due;
        }
        started++;
        if (connection->waiting) {
            connection->late++;
        } else {
            send_next(connection, due);
        }
    }
}

static void answer(const struct epoll_event *ready) {
    struct connection *connection = ready->data.ptr;

    if (connection->waiting && connection->sent < request_bytes) {
        push(connection);
    }
    if (pull(connection)) {
        arrived(connection, now());
    } else if (!connection->waiting && (ready->events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))) {
        die("connection %u is lost: the server has closed it", connection->number);
    }
}

static void tell(double answered, double server_cpu, double own_cpu, unsigned waiting) {
    double part = 1 / answered, measured = (double)(count_to - count_from) / NANOS;

    printf("{\"connections\":%u,\"idle\":%u,\"bytes\":%u,\"seconds\":%.3f,\"messages\":%llu,\"per_second\":%.1f,"
           "\"server_cpu_ns\":%.1f,\"load_cpu_ns\":%.1f,\"p50_us\":%.2f,\"p99_us\":%.2f,\"p999_us\":%.2f,\"max_us\":%.2f,"
           "\"unanswered\":%u,\"answers\":%llu}\n",
            active_count, idle_count, answer_bytes, measured, (unsigned long long)counted, answered / measured, server_cpu * part,
            own_cpu * part, percentile_micros(0.5), percentile_micros(0.99), percentile_micros(0.999),
            (double)most / 1e3, waiting, (unsigned long long)answers);
}

static void run(void) {
    struct epoll_event ready[EVENTS];
    int64_t start, time, server_cpu = -1, own_cpu = 0, server_used = -1, own_used = 0;
    uint64_t answered = 0;
    unsigned waiting = 0;

    for (unsigned i = 0; rate <= 0 && i < active_count; i++) {
        send_next(&connections[i], now());
    }
    spacing = rate > 0 ? NANOS / rate : 0;
    start = time = now();
    count_from = start + (int64_t)(warm_seconds * NANOS);
    count_to = count_from + (int64_t)(seconds * NANOS);
    while (time < count_to || (waiting > 0 && time < count_to + DRAIN_LIMIT_NANOS)) {
        struct timespec wait = {.tv_nsec = 10000000};
        int found;
        if (rate > 0 && time < count_to) {
            wait = until(send_due(start, time), now());
        }
        found = epoll_pwait2(events_fd, ready, EVENTS, &wait, NULL);
        for (int i = 0; i < found; i++) {
            answer(&ready[i]);
        }
        time = now();
        if (time >= count_to && counted == 0 && time < start + DRAIN_LIMIT_NANOS) {
            /* A server that had no processor yet: what a message costs is not known before one is answered. */
            count_to = time + (int64_t)(seconds * NANOS);
        }
        if (server_cpu < 0 && time >= count_from) {
            server_cpu = server_cpu_nanos();
            own_cpu = cpu_nanos(CLOCK_PROCESS_CPUTIME_ID);
        }
        if (server_used < 0 && time >= count_to) {
            server_used = server_cpu_nanos() - server_cpu;
            own_used = cpu_nanos(CLOCK_PROCESS_CPUTIME_ID) - own_cpu;
            answered = counted;
        }
        waiting = time < count_to ? 0 : waiting_count();
    }
    if (answered == 0) {
        die("no message was answered in %.1f seconds", (double)(count_to - count_from) / NANOS);
    }
    if (rate > 0) {
        count_unanswered();
    } else if (waiting > 0) {
        die("%u messages were not answered", waiting);
    }
    tell((double)answered, (double)server_used, (double)own_used, waiting);
}

/* How long an answer is, if all of it is there; 0 if not. */
static unsigned answer_length(const char *answer, unsigned length) {
    static const char field[] = "\r\nContent-Length:";
    const char *end = memmem(answer, length, "\r\n\r\n", 4), *value = strcasestr(answer, field);
    unsigned long whole;

    if (end == NULL) {
        return 0;
    }
    if (strncmp(answer, GOOD_ANSWER, sizeof GOOD_ANSWER - 1) != 0 || value == NULL || value > end) {
        die("%s is not answered by a 200 with a length", path);
    }
    whole = (unsigned long)(end + 4 - answer) + strtoul(value + sizeof field - 1, NULL, 10);
    if (whole > MOST_BYTES) {
        die("%s is longer than %d bytes", path, MOST_BYTES);
    }
    return length >= whole ? (unsigned)whole : 0;
}

/* Asks once, to see how long the answers are. */
static void learn_answer(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval limit = {.tv_sec = CONNECT_LIMIT_NANOS / NANOS};
    unsigned length = 0;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0
            || send(fd, request, request_bytes, MSG_NOSIGNAL) != (ssize_t)request_bytes) {
        die("cannot ask for %s: %s", path, strerror(errno));
    }
    while ((answer_bytes = answer_length(input, length)) == 0) {
        /* Room for a 0 at the end. */
        ssize_t got = recv(fd, input + length, sizeof input - 1 - length, 0);
        if (got <= 0) {
            die("%s is not answered: %s", path, got == 0 ? "the server has closed the connection" : strerror(errno));
        }
        length += (unsigned)got;
        input[length] = 0;
    }
    close(fd);
}

/* The head of a frame whose length is below 2^16. Returns its length, without a mask. */
static unsigned frame_head(char *head, int masked) {
    unsigned mask = masked ? MASKED : 0;

    head[0] = (char)(text ? TEXT_FRAME : BINARY_FRAME);
    if (size < 126) {
        head[1] = (char)(mask | (unsigned)size);
        return 2;
    }
    head[1] = (char)(mask | 126);
    head[2] = (char)(size >> 8);
    head[3] = (char)size;
    return 4;
}

/* One message as it goes and as it comes back. */
static void prepare_frames(void) {
    static const char mask[] = {0x12, 0x34, 0x56, 0x78};
    unsigned to = frame_head(request, 1), from = frame_head(echo, 0);

    if (size > MOST_FRAME_BYTES) {
        die("a message of a WebSocket is longer than %d bytes", MOST_FRAME_BYTES);
    }
    handshake_bytes = (unsigned)sprintf(handshake,
            "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            socket_path, port);
    memcpy(request + to, mask, sizeof mask);
    to += sizeof mask;
    for (int i = 0; i < size; i++) {
        echo[from + (unsigned)i] = text ? (char)('a' + i % 26) : pattern[i];
        request[to + (unsigned)i] = (char)(echo[from + (unsigned)i] ^ mask[i % 4]);
    }
    request_bytes = to + (unsigned)size;
    answer_bytes = from + (unsigned)size;
}

static void prepare_messages(void) {
    const char *asked = path != NULL ? path : socket_path;

    request_bytes = answer_bytes = (unsigned)size;
    make_pattern();
    if (asked != NULL && strlen(asked) > MOST_PATH) {
        die("the path is longer than %d bytes", MOST_PATH);
    }
    if (socket_path != NULL) {
        prepare_frames();
    } else if (path != NULL) {
        request_bytes = (unsigned)sprintf(request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, port);
        learn_answer();
    }
}

static void hold(void) {
    char line[64];

    while (fgets(line, sizeof line, stdin) != NULL) {
        unsigned count = (unsigned)atoi(line);
        grow(count);
        printf("holds %u\n", count);
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    struct rlimit descriptors;
    int option, holding = 0;

    while ((option = getopt(argc, argv, "p:c:s:g:W:td:w:r:i:P:H")) != -1) {
        switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'c': active_count = (unsigned)atoi(optarg); break;
        case 's': size = atoi(optarg); break;
        case 'g': path = optarg; break;
        case 'W': socket_path = optarg; break;
        case 't': text = 1; break;
        case 'd': seconds = atof(optarg); break;
        case 'w': warm_seconds = atof(optarg); break;
        case 'r': rate = atof(optarg); break;
        case 'i': idle_count = (unsigned)atoi(optarg); break;
        case 'P': pid = atoi(optarg); break;
        case 'H': holding = 1; break;
        default: die("see the comment at the top of load.c");
        }
    }
    if (port < 1 || size < 1 || size > MOST_BYTES || seconds <= 0 || (!holding && active_count < 1)) {
        die("a port, a number of connections, 1 to %d bytes and a time are needed", MOST_BYTES);
    }
    getrlimit(RLIMIT_NOFILE, &descriptors);
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit(RLIMIT_NOFILE, &descriptors);
    prctl(PR_SET_TIMERSLACK, 1);
    prepare_messages();
    connections = calloc(descriptors.rlim_max, sizeof *connections);
    events_fd = epoll_create1(0);
    if (connections == NULL || events_fd < 0) {
        die("no memory, or no descriptor");
    }
    if (holding) {
        hold();
    } else {
        if (active_count + idle_count >= descriptors.rlim_max) {
            die("%u connections are more than ulimit -n allows", active_count + idle_count);
        }
        grow(active_count + idle_count);
        run();
    }
    return 0;
}
