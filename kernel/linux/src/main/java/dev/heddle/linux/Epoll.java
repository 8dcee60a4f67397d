package dev.heddle.linux;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import dev.heddle.linux.internal.Timespec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One epoll(7) instance, with who hears of what.
 *
 * <p>The kernel hands back a token for each event: a place in a table and the count of its owners so far. So an event
 * that was queued for a descriptor which is closed by now, and whose number or place is used again, goes to nobody.
 *
 * <p>Threads: the engine's loop.
 */
final class Epoll {

    static final int EPOLLIN = 0x1;
    static final int EPOLLOUT = 0x4;
    static final int EPOLLERR = 0x8;
    static final int EPOLLHUP = 0x10;
    static final int EPOLLRDHUP = 0x2000;
    static final int EPOLLET = 1 << 31;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;

    /** Most events of one wait; what is beyond comes first the next time. */
    private static final int MAX_EVENTS = 256;

    /** {@code struct epoll_event} is packed on x86 only: events:4, then data:8. */
    private static final int DATA = System.getProperty("os.arch").equals("aarch64") ? 8 : 4;

    private static final int EVENT_BYTES = DATA + Long.BYTES;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final SystemCalls kernel;
    private final int descriptor;
    private final MemorySegment events;
    private final MemorySegment event;
    private final Timespec time;
    private boolean knowsNanos = true;

    private @Nullable Registration[] table = new Registration[64];
    private int[] generations = new int[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;

    /** Hears of events. */
    @FunctionalInterface
    interface Handler {

        /**
         * Called below the tasks.
         *
         * @param events those of epoll_ctl(2)
         */
        void happened(int events);
    }

    /** One descriptor that is watched, or will be. */
    static final class Registration {
        final int descriptor;
        final Handler handler;
        private final int place;

        private boolean watched;

        private Registration(int descriptor, Handler handler, int place) {
            this.descriptor = descriptor;
            this.handler = handler;
            this.place = place;
        }

        /** Whether the kernel knows of it. */
        boolean isWatched() {
            return watched;
        }
    }

    Epoll(Arena arena, SystemCalls kernel) throws IOException {
        this.kernel = kernel;
        this.descriptor = (int) Errno.check(kernel.call(SyscallNumbers.EPOLL_CREATE1, EPOLL_CLOEXEC));
        this.events = arena.allocate((long) MAX_EVENTS * EVENT_BYTES, Long.BYTES);
        this.event = arena.allocate(EVENT_BYTES, Long.BYTES);
        this.time = new Timespec(arena);
    }

    int descriptor() {
        return descriptor;
    }

    /**
     * Begins to watch a descriptor.
     *
     * @throws IOException if the system refuses
     * @throws IllegalStateException if it is watched already
     */
    Registration add(int watched, int wanted, Handler handler) throws IOException {
        Registration registration = hold(watched, handler);
        try {
            watch(registration, wanted);
            return registration;
        } catch (IOException | RuntimeException e) {
            forget(registration);
            throw e;
        }
    }

    /** Gives a descriptor a place among the {@link #registrations}, of which the kernel hears by {@link #watch}. */
    Registration hold(int held, Handler handler) {
        int place = freeCount > 0 ? free[--freeCount] : used++;
        if (place == table.length) {
            table = Arrays.copyOf(table, 2 * place);
            generations = Arrays.copyOf(generations, 2 * place);
            free = Arrays.copyOf(free, 2 * place);
        }
        var registration = new Registration(held, handler, place);
        table[place] = registration;
        return registration;
    }

    /**
     * Begins to watch what is only held so far. What is there already is told like what comes, by edges too.
     *
     * @throws IOException if the system refuses
     * @throws IllegalStateException if the descriptor is watched already
     */
    void watch(Registration registration, int wanted) throws IOException {
        int result = control(CTL_ADD, registration.descriptor, wanted, registration.place);
        if (result == -Errno.EEXIST) {
            throw new IllegalStateException("descriptor " + registration.descriptor + " is watched already");
        }
        Errno.check(result);
        registration.watched = true;
    }

    /** Changes what is watched for; this also asks for an event at once if it is there. */
    void change(Registration registration, int wanted) throws IOException {
        Errno.check(control(CTL_MOD, registration.descriptor, wanted, registration.place));
    }

    /** Ends a watch; the descriptor is still open. */
    void remove(Registration registration) {
        control(CTL_DEL, registration.descriptor, 0, registration.place);
        forget(registration);
    }

    /** Ends a watch whose descriptor is closed at once, which ends it in the kernel too. */
    void forget(Registration registration) {
        int place = registration.place;
        if (table[place] == registration) {
            table[place] = null;
            generations[place]++;
            free[freeCount++] = place;
        }
    }

    private int control(int operation, int watched, int wanted, int place) {
        event.set(ValueLayout.JAVA_INT, 0, wanted);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, (long) generations[place] << 32 | place);
        return (int) kernel.call(SyscallNumbers.EPOLL_CTL, descriptor, operation, watched, event.address());
    }

    /** Waits for events and tells them; at most so long, {@link Long#MAX_VALUE} for no limit. */
    void await(long timeoutNanos) {
        int count = waitFor(timeoutNanos);
        for (int i = 0; i < count; i++) {
            long at = (long) i * EVENT_BYTES;
            long token = events.get(ValueLayout.JAVA_LONG_UNALIGNED, at + DATA);
            int place = (int) token;
            Registration registration = table[place];
            if (registration != null && generations[place] == (int) (token >>> 32)) {
                registration.handler.happened(events.get(ValueLayout.JAVA_INT_UNALIGNED, at));
            }
        }
    }

    private int waitFor(long timeoutNanos) {
        long result = knowsNanos ? waitNanos(timeoutNanos) : waitMillis(timeoutNanos);
        if (result == -Errno.ENOSYS && knowsNanos) {
            // epoll_pwait2 is there from Linux 5.11 on.
            knowsNanos = false;
            result = waitMillis(timeoutNanos);
        }
        if (result < 0 && result != -Errno.EINTR) {
            throw new IllegalStateException("epoll failed: " + Errno.text((int) -result));
        }
        return (int) Math.max(0, result);
    }

    private long waitNanos(long timeoutNanos) {
        long limit = time.address(timeoutNanos);
        return kernel.call(SyscallNumbers.EPOLL_PWAIT2, descriptor, events.address(), MAX_EVENTS, limit, 0, 0);
    }

    /** Rounds up, so that timers are not early. */
    private long waitMillis(long timeoutNanos) {
        long millis = -1;
        if (timeoutNanos != Long.MAX_VALUE) {
            millis = timeoutNanos / NANOS_PER_MILLI + (timeoutNanos % NANOS_PER_MILLI == 0 ? 0 : 1);
            millis = Math.min(millis, Integer.MAX_VALUE);
        }
        return kernel.call(SyscallNumbers.EPOLL_PWAIT, descriptor, events.address(), MAX_EVENTS, millis, 0, 0);
    }

    /** All that is watched, for the end. */
    Registration[] registrations() {
        return Arrays.stream(table).filter(r -> r != null).toArray(Registration[]::new);
    }

    void close() {
        kernel.call(SyscallNumbers.CLOSE, descriptor);
    }
}
