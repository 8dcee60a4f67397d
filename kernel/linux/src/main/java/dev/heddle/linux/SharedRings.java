package dev.heddle.linux;

import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import dev.heddle.linux.internal.Timespec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The two rings shared with the kernel: io_uring_setup(2), io_uring_enter(2), and the layouts of {@code
 * linux/io_uring.h}.
 *
 * <p>Set up for one thread that submits and reaps ({@code SINGLE_ISSUER}, {@code DEFER_TASKRUN}): the kernel works on
 * completions only inside {@link #enter}, so it never interrupts the tasks. Entries are queued without a call; one call
 * a turn submits them all and takes what has come.
 *
 * <p>Threads: the one that made it.
 */
final class SharedRings {

    // Operations, enum io_uring_op.
    static final int OP_POLL_ADD = 6;
    static final int OP_ASYNC_CANCEL = 14;
    static final int OP_CLOSE = 19;
    static final int OP_SEND = 26;
    static final int OP_RECV = 27;

    // Events, poll(2).
    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int POLLERR = 8;
    static final int POLLHUP = 0x10;
    static final int POLLRDHUP = 0x2000;

    /** The kernel picks a buffer of a group when bytes are there. */
    static final int SQE_BUFFER_SELECT = 1 << 5;

    /** Success is not told. */
    static final int SQE_SKIP_SUCCESS = 1 << 6;

    static final int RECV_MULTISHOT = 1 << 1;
    private static final int POLL_ADD_MULTI = 1;
    static final int CANCEL_ALL = 1;
    static final int CANCEL_ANY = 1 << 2;

    static final int CQE_BUFFER = 1;
    static final int CQE_MORE = 1 << 1;
    static final int CQE_BUFFER_SHIFT = 16;

    private static final int SETUP_CQSIZE = 1 << 3;
    private static final int SETUP_SUBMIT_ALL = 1 << 7;
    private static final int SETUP_TASKRUN_FLAG = 1 << 9;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;
    private static final int SETUP_DEFER_TASKRUN = 1 << 13;

    private static final int FEAT_SINGLE_MMAP = 1;
    private static final int FEAT_NODROP = 1 << 1;
    private static final int FEAT_EXT_ARG = 1 << 8;
    private static final int FEAT_MIN_TIMEOUT = 1 << 15;
    private static final int NEEDED = FEAT_SINGLE_MMAP | FEAT_NODROP | FEAT_EXT_ARG;

    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;

    /** What the kernel has for us that only a call brings: completions that did not fit, or work it put off. */
    private static final int SQ_CALL_FOR_MORE = 1 << 1 | 1 << 2;

    private static final long OFF_SQES = 0x10000000L;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 1 | 0x8000;

    private static final int PARAMS_BYTES = 120;
    private static final int SQE_BYTES = 64;
    private static final int CQE_BYTES = 16;
    private static final int CQE_SHIFT = 4;

    /** A kernel that is short of memory takes no entries; if it stays so, the loop cannot go on. */
    private static final int MAX_ATTEMPTS = 1_000;

    /** So much that has come ends a wait early that gathers. */
    static final int MAX_GATHERED = 64;

    /** A wait that gathers needs some limit, or it would end with its first moment. */
    private static final long MAX_GATHERING_NANOS = 3_600_000_000_000L;

    private static final int NANOS_PER_MICRO = 1_000;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final SystemCalls kernel;
    private final int descriptor;
    private final MemorySegment rings;

    /** Whether a wait can have a shortest time, as it can since Linux 6.12. */
    private final boolean gathers;

    private final MemorySegment entries;
    private final MemorySegment argument;
    private final Timespec time;

    private final long sqTailAt;
    private final long sqHeadAt;
    private final long sqFlagsAt;
    private final int sqMask;
    private final int sqSize;
    private final long cqHeadAt;
    private final long cqTailAt;
    private final long cqesAt;
    private final int cqMask;

    /** The tail that we have written entries up to; the kernel has been told of {@link #submitted}. */
    private int tail;

    private int submitted;
    private boolean abandoned;
    private boolean closed;

    /** Hears of completions. */
    interface Completions {

        /**
         * Called below the tasks.
         *
         * @param token what the entry carried
         * @param result what the call would have returned: the negative error if it failed
         * @param flags {@link #CQE_MORE} and the like
         */
        void completed(long token, int result, int flags);
    }

    /**
     * @param size entries that are submitted by one call at most, a power of two
     * @throws IOException if the kernel forbids it or is too old
     */
    SharedRings(Arena arena, SystemCalls kernel, int size) throws IOException {
        this.kernel = kernel;
        MemorySegment params = arena.allocate(PARAMS_BYTES, Long.BYTES);
        params.set(ValueLayout.JAVA_INT, 4, 4 * size);
        params.set(
                ValueLayout.JAVA_INT,
                8,
                SETUP_CQSIZE
                        | SETUP_SUBMIT_ALL
                        | SETUP_TASKRUN_FLAG
                        | SETUP_SINGLE_ISSUER
                        | SETUP_DEFER_TASKRUN);
        descriptor = (int) Errno.check(kernel.call(SyscallNumbers.IO_URING_SETUP, size, params.address()));
        try {
            if ((params.get(ValueLayout.JAVA_INT, 20) & NEEDED) != NEEDED) {
                throw new IOException("this kernel's io_uring lacks features of Linux 5.11");
            }
            gathers = (params.get(ValueLayout.JAVA_INT, 20) & FEAT_MIN_TIMEOUT) != 0;
            int entryCount = params.get(ValueLayout.JAVA_INT, 0);
            long ringBytes = Math.max(
                    params.get(ValueLayout.JAVA_INT, 64) + (long) entryCount * Integer.BYTES,
                    params.get(ValueLayout.JAVA_INT, 100) + (long) params.get(ValueLayout.JAVA_INT, 4) * CQE_BYTES);
            rings = map(ringBytes, 0);
            entries = map((long) entryCount * SQE_BYTES, OFF_SQES);
            sqHeadAt = params.get(ValueLayout.JAVA_INT, 40);
            sqTailAt = params.get(ValueLayout.JAVA_INT, 44);
            sqMask = rings.get(ValueLayout.JAVA_INT, params.get(ValueLayout.JAVA_INT, 48));
            sqSize = entryCount;
            sqFlagsAt = params.get(ValueLayout.JAVA_INT, 56);
            long arrayAt = params.get(ValueLayout.JAVA_INT, 64);
            for (int i = 0; i < entryCount; i++) {
                rings.set(ValueLayout.JAVA_INT, arrayAt + (long) i * Integer.BYTES, i);
            }
            cqHeadAt = params.get(ValueLayout.JAVA_INT, 80);
            cqTailAt = params.get(ValueLayout.JAVA_INT, 84);
            cqMask = rings.get(ValueLayout.JAVA_INT, params.get(ValueLayout.JAVA_INT, 88));
            cqesAt = params.get(ValueLayout.JAVA_INT, 100);
        } catch (IOException e) {
            kernel.call(SyscallNumbers.CLOSE, descriptor);
            throw e;
        }
        argument = arena.allocate(24, Long.BYTES);
        time = new Timespec(arena);
    }

    @SuppressWarnings("restricted")
    private MemorySegment map(long bytes, long offset) throws IOException {
        long at = Errno.check(
                kernel.call(SyscallNumbers.MMAP, 0, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, descriptor, offset));
        return MemorySegment.ofAddress(at).reinterpret(bytes);
    }

    // ---- submitting ----

    /**
     * Queues an entry; if the ring is full, submits what is there first.
     *
     * @param opcode {@code OP_}
     * @param flags {@code SQE_}
     * @param variant the entry's {@code ioprio}: {@link #RECV_MULTISHOT}
     * @param callFlags those of the operation itself
     * @param group the group of buffers, for {@link #SQE_BUFFER_SELECT}
     */
    void queue(
            int opcode,
            int flags,
            int variant,
            int target,
            long address,
            int length,
            int callFlags,
            int group,
            long token) {
        if (abandoned) {
            drop(opcode, target);
            return;
        }
        for (int attempts = 0; tail - (int) INT.getAcquire(rings, sqHeadAt) == sqSize; attempts++) {
            if (attempts == MAX_ATTEMPTS) {
                throw new IllegalStateException("io_uring failed: the kernel takes no entries");
            }
            submit();
        }
        long at = (long) (tail & sqMask) * SQE_BYTES;
        entries.set(ValueLayout.JAVA_INT, at, opcode | flags << 8 | variant << 16);
        entries.set(ValueLayout.JAVA_INT, at + 4, target);
        entries.set(ValueLayout.JAVA_LONG, at + 8, 0);
        entries.set(ValueLayout.JAVA_LONG, at + 16, address);
        entries.set(ValueLayout.JAVA_INT, at + 24, length);
        entries.set(ValueLayout.JAVA_INT, at + 28, callFlags);
        entries.set(ValueLayout.JAVA_LONG, at + 32, token);
        entries.set(ValueLayout.JAVA_LONG, at + 40, group);
        entries.set(ValueLayout.JAVA_LONG, at + 48, 0);
        entries.set(ValueLayout.JAVA_LONG, at + 56, 0);
        tail++;
    }

    /** Queues a wait that tells once what a descriptor is ready for. */
    void poll(int target, int events, long token) {
        queue(OP_POLL_ADD, 0, 0, target, 0, 0, events, 0, token);
    }

    /** As {@link #poll}, and tells again at each edge. */
    void pollEdges(int target, int events, long token) {
        queue(OP_POLL_ADD, 0, 0, target, 0, POLL_ADD_MULTI, events, 0, token);
    }

    /** The number that the next queued entry gets, for {@link #isQueued} and {@link #lengthen}. */
    int next() {
        return tail;
    }

    /** Whether an entry lies here still, so that it can be changed. */
    boolean isQueued(int number) {
        return number - submitted >= 0;
    }

    /** Changes the length of an entry that {@link #isQueued}. */
    void lengthen(int number, int length) {
        entries.set(ValueLayout.JAVA_INT, (long) (number & sqMask) * SQE_BYTES + 24, length);
    }

    private void submit() {
        enter(0, 0, 0);
    }

    /**
     * Submits what is queued and takes in what has come, waiting only if nothing has.
     *
     * @param timeoutNanos the longest time to wait: 0 for none, {@link Long#MAX_VALUE} for no limit
     */
    void enter(long timeoutNanos) {
        enter(timeoutNanos, 0);
    }

    /**
     * The same, but a wait gathers what comes in its first moment, if the kernel can.
     *
     * @param gatherNanos how long that is; 0 for what ends with the first thing that comes
     */
    void enter(long timeoutNanos, long gatherNanos) {
        boolean wait = timeoutNanos > 0 && !hasCompletions();
        if (!wait && tail == submitted && ((int) INT.getAcquire(rings, sqFlagsAt) & SQ_CALL_FOR_MORE) == 0) {
            return;
        }
        if (wait && gathers && gatherNanos > 0) {
            enter(MAX_GATHERED, Math.min(timeoutNanos, MAX_GATHERING_NANOS), gatherNanos);
        } else {
            enter(wait ? 1 : 0, timeoutNanos, 0);
        }
    }

    private void enter(int least, long timeoutNanos, long gatherNanos) {
        INT.setRelease(rings, sqTailAt, tail);
        int toSubmit = tail - submitted;
        // struct io_uring_getevents_arg {sigmask:8, sigmask_sz:4, min_wait_usec:4, ts:8}
        argument.set(ValueLayout.JAVA_LONG, 0, 0);
        argument.set(ValueLayout.JAVA_INT, 12, (int) (Math.min(gatherNanos, timeoutNanos) / NANOS_PER_MICRO));
        argument.set(ValueLayout.JAVA_LONG, 16, least > 0 ? time.address(timeoutNanos) : 0);
        long result = kernel.call(
                SyscallNumbers.IO_URING_ENTER,
                descriptor,
                toSubmit,
                least,
                ENTER_GETEVENTS | ENTER_EXT_ARG,
                argument.address(),
                argument.byteSize());
        if (result >= 0) {
            submitted += (int) result;
            return;
        }
        // The kernel moves its head past what it has taken also where the wait then failed.
        submitted = (int) INT.getAcquire(rings, sqHeadAt);
        switch ((int) -result) {
            case Errno.ETIME, Errno.EINTR, Errno.EAGAIN, Errno.EBUSY -> {
                // Nothing came in time; or the kernel is short of memory or of room for completions: after reaping,
                // again.
            }
            case Errno.EEXIST -> throw ofAnotherThread();
            default -> throw new IllegalStateException("io_uring failed: " + Errno.text((int) -result));
        }
    }

    static IllegalStateException ofAnotherThread() {
        return new IllegalStateException(
                "a loop on io_uring is driven by one thread for its whole life; take the engine epoll");
    }

    /**
     * The end comes in a thread from which the kernel takes nothing: what is queued now or later is not submitted, and
     * only the descriptors that it would have closed are closed.
     */
    void abandon() {
        abandoned = true;
        for (; submitted != tail; submitted++) {
            long at = (long) (submitted & sqMask) * SQE_BYTES;
            drop(entries.get(ValueLayout.JAVA_BYTE, at), entries.get(ValueLayout.JAVA_INT, at + 4));
        }
    }

    private void drop(int opcode, int target) {
        if (opcode == OP_CLOSE) {
            kernel.call(SyscallNumbers.CLOSE, target);
        }
    }

    // ---- completions ----

    private boolean hasCompletions() {
        return (int) INT.getAcquire(rings, cqTailAt) != rings.get(ValueLayout.JAVA_INT, cqHeadAt);
    }

    /** Tells all that have come so far, and no more, so that one turn is bounded. */
    void reap(Completions completions) {
        int head = rings.get(ValueLayout.JAVA_INT, cqHeadAt);
        int end = (int) INT.getAcquire(rings, cqTailAt);
        while (head != end) {
            long at = cqesAt + ((long) (head & cqMask) << CQE_SHIFT);
            long token = rings.get(ValueLayout.JAVA_LONG, at);
            int result = rings.get(ValueLayout.JAVA_INT, at + 8);
            int flags = rings.get(ValueLayout.JAVA_INT, at + 12);
            head++;
            INT.setRelease(rings, cqHeadAt, head);
            completions.completed(token, result, flags);
        }
    }

    /**
     * Registers with io_uring_register(2).
     *
     * @throws IOException if the kernel refuses
     */
    void register(int opcode, MemorySegment argument, int count) throws IOException {
        Errno.check(kernel.call(SyscallNumbers.IO_URING_REGISTER, descriptor, opcode, argument.address(), count));
    }

    /** Gives the rings back. The kernel must have nothing under way any more that touches memory of ours. */
    void close() {
        if (!closed) {
            closed = true;
            kernel.call(SyscallNumbers.CLOSE, descriptor);
            kernel.call(SyscallNumbers.MUNMAP, entries.address(), entries.byteSize());
            kernel.call(SyscallNumbers.MUNMAP, rings.address(), rings.byteSize());
        }
    }
}
