/*
 * Looks names up by the system's getaddrinfo, as names.h says, in so many threads. It asks the server of /etc/resolv.conf.
 *
 *   names_libc THREADS
 *
 * A look-up that fails is begun again. See getaddrinfo(3), resolv.conf(5).
 */

#define _GNU_SOURCE
#include "names.h"
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

static atomic_int next_name;

static void look_up(const char *name) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
    int status;

    while ((status = getaddrinfo(name, NULL, &hints, &found)) == EAI_AGAIN) {
    }
    if (status != 0) {
        fail(name, gai_strerror(status));
    }
    freeaddrinfo(found);
}

static void *work(void *unused) {
    int index;

    while ((index = atomic_fetch_add(&next_name, 1)) < names) {
        char name[NAME_BYTES];
        long long begin = now_nanos();
        write_name(index, name);
        look_up(name);
        nanos_of_each[index] = now_nanos() - begin;
    }
    return unused;
}

int main(int count, char **arguments) {
    int most = count == 2 ? atoi(arguments[1]) : 0;
    pthread_t *threads;

    if (most <= 0) {
        fail("names_libc", "THREADS");
    }
    threads = calloc((size_t)most, sizeof *threads);
    while (next_round()) {
        long long begin = now_nanos();
        atomic_store(&next_name, 0);
        for (int i = 0; i < most; i++) {
            if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
                fail("pthread_create", "no thread");
            }
        }
        for (int i = 0; i < most; i++) {
            pthread_join(threads[i], NULL);
        }
        tell_round(begin);
    }
    return 0;
}
