// How long one wait takes by select, poll and epoll, when one descriptor of many is ready, when all are, and when all are new. Linux only.
// Answers Threads, processes, coroutines, asyncio, program 25: epoll is not always better than select.

import static java.lang.foreign.ValueLayout.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

// From Linux's headers.
static final int EFD_NONBLOCK = 04000;
static final int POLLIN = 1;
static final int EPOLLIN = 1;
static final int EPOLL_CTL_ADD = 1;
static final int EPOLL_CTL_DEL = 2;
static final int FD_SETSIZE = 1024;
static final int POLLFD_BYTES = 8;
/** Packed on x86. */
static final int EVENT_BYTES = System.getProperty("os.arch").equals("amd64") ? 12 : 16;

static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT);
static final MethodHandle SELECT = function("select", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
static final MethodHandle POLL = function("poll", ADDRESS, JAVA_LONG, JAVA_INT);
static final MethodHandle EPOLL_CREATE = function("epoll_create1", JAVA_INT);
static final MethodHandle EPOLL_CTL = function("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
static final MethodHandle EPOLL_WAIT = function("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
static final MethodHandle CLOSE = function("close", JAVA_INT);

interface Call {
    int run() throws Throwable;
}

void main(String[] args) throws Throwable {
    measure(args.length > 0 ? Integer.parseInt(args[0]) : 100);
}

/** @param millis how long each cell is measured, and five times */
void measure(int millis) throws Throwable {
    IO.println("us for one wait            select        poll       epoll");
    for (int count : new int[]{1, 10, 100, 900}) {
        try (var one = new Descriptors(count, 1)) {
            show("1 of " + count + " is ready", millis, one::select, one::poll, one::epoll);
        }
        try (var all = new Descriptors(count, count)) {
            show("all " + count + " are ready", millis, all::select, all::poll, all::epoll);
            show("all " + count + " are new", millis, all::select, all::poll, all::epollOnce);
        }
    }
}

void show(String what, int millis, Call... calls) throws Throwable {
    IO.print(String.format("%-21s", what));
    for (Call call : calls) {
        IO.print(String.format("%12.2f", nanos(call, millis) / 1e3));
    }
    IO.println();
}

/** The best of five: others may be disturbed, and the first ones are not compiled yet. */
double nanos(Call call, int millis) throws Throwable {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
        long begin = System.nanoTime();
        long now = begin;
        int rounds = 0;
        for (; now - begin < millis * 1_000_000L; now = System.nanoTime()) {
            for (int j = 0; j < 20; j++, rounds++) {
                call.run();
            }
        }
        best = Math.min(best, (double) (now - begin) / rounds);
    }
    return best;
}

/** Some that are ready to be read, always, and others that never are. */
static class Descriptors implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final int[] numbers;
    private final int last;
    private final MemorySegment wanted = arena.allocate(FD_SETSIZE / 8);
    private final MemorySegment set = arena.allocate(FD_SETSIZE / 8);
    private final MemorySegment pollfds;
    private final MemorySegment events;
    private final MemorySegment event = arena.allocate(EVENT_BYTES);
    private final int epoll = (int) EPOLL_CREATE.invokeExact(0);
    private final int empty = (int) EPOLL_CREATE.invokeExact(0);

    Descriptors(int count, int ready) throws Throwable {
        numbers = new int[count];
        pollfds = arena.allocate((long) count * POLLFD_BYTES);
        events = arena.allocate((long) count * EVENT_BYTES);
        for (int i = 0; i < count; i++) {
            int number = (int) EVENTFD.invokeExact(i < ready ? 1 : 0, EFD_NONBLOCK);
            numbers[i] = number;
            set(wanted, number);
            pollfds.set(JAVA_INT, (long) i * POLLFD_BYTES, number);
            pollfds.set(JAVA_SHORT, (long) i * POLLFD_BYTES + 4, (short) POLLIN);
            add(epoll, number);
        }
        last = numbers[count - 1];
    }

    /** Tells the kernel of all of them in each call, and looks at all afterwards. */
    int select() throws Throwable {
        set.copyFrom(wanted);
        int ready = (int) SELECT.invokeExact(last + 1, set, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        int found = 0;
        for (int number : numbers) {
            found += set.get(JAVA_BYTE, number / 8) >> number % 8 & 1;
        }
        return check(ready, found);
    }

    /** The same, with a list for the bits. */
    int poll() throws Throwable {
        int ready = (int) POLL.invokeExact(pollfds, (long) numbers.length, -1);
        int found = 0;
        for (int i = 0; i < numbers.length; i++) {
            found += pollfds.get(JAVA_SHORT, (long) i * POLLFD_BYTES + 6) & POLLIN;
        }
        return check(ready, found);
    }

    /** Is told of those that are ready only: the kernel knows what is wanted. */
    int epoll() throws Throwable {
        return await(epoll);
    }

    /** The same where the kernel must be told first: each descriptor is waited for once and taken away. */
    int epollOnce() throws Throwable {
        for (int number : numbers) {
            add(empty, number);
        }
        int ready = await(empty);
        for (int number : numbers) {
            check((int) EPOLL_CTL.invokeExact(empty, EPOLL_CTL_DEL, number, event), 0);
        }
        return ready;
    }

    private int await(int epoll) throws Throwable {
        int ready = (int) EPOLL_WAIT.invokeExact(epoll, events, numbers.length, -1);
        int found = 0;
        for (int i = 0; i < ready; i++) {
            found += events.get(JAVA_INT_UNALIGNED, (long) i * EVENT_BYTES) & EPOLLIN;
        }
        return check(ready, found);
    }

    private void add(int epoll, int number) throws Throwable {
        event.set(JAVA_INT_UNALIGNED, 0, EPOLLIN);
        event.set(JAVA_LONG_UNALIGNED, EVENT_BYTES - 8, number);
        check((int) EPOLL_CTL.invokeExact(epoll, EPOLL_CTL_ADD, number, event), 0);
    }

    private static void set(MemorySegment set, int number) {
        set.set(JAVA_BYTE, number / 8, (byte) (set.get(JAVA_BYTE, number / 8) | 1 << number % 8));
    }

    private static int check(int result, int expected) {
        if (result != expected) {
            throw new IllegalStateException(result + " and not " + expected);
        }
        return result;
    }

    @Override
    public void close() {
        try {
            for (int number : numbers) {
                check((int) CLOSE.invokeExact(number), 0);
            }
            check((int) CLOSE.invokeExact(epoll), 0);
            check((int) CLOSE.invokeExact(empty), 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        arena.close();
    }
}

/** A function of the C library that gives an int. */
@SuppressWarnings("restricted")
static MethodHandle function(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
            linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
}
