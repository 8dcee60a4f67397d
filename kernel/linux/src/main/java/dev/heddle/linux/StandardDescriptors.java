package dev.heddle.linux;

import dev.heddle.engine.SpawnRequest;
import dev.heddle.engine.Stdio;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The three standard streams of a child to be: open(2), pipe2(2). All are marked to be closed by exec(2), so that no
 * child of another thread keeps one.
 *
 * <p>Threads: the one that starts the child.
 */
final class StandardDescriptors {

    /** No pipe leads there. */
    static final int NONE = -1;

    private static final int COUNT = 3;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final int AT_FDCWD = -100;
    private static final int O_WRONLY = 0x1;
    private static final int O_RDWR = 0x2;
    private static final int O_CREAT = 0x40;
    private static final int O_TRUNC = 0x200;
    private static final int O_APPEND = 0x400;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int READ_AND_WRITE_BY_UMASK = 0666;

    /** What the child gets. */
    final int[] childs = new int[COUNT];

    /** The other ends of the pipes, or {@link #NONE}. */
    final int[] ours = new int[COUNT];

    private final Arena arena;
    private final SystemCalls kernel;
    private final List<Integer> closedAfterStart = new ArrayList<>();

    private StandardDescriptors(Arena arena) {
        this.arena = arena;
        this.kernel = new SystemCalls(arena);
        Arrays.fill(ours, NONE);
    }

    /** Opens all three, or none. */
    static StandardDescriptors open(Arena arena, SpawnRequest request) throws IOException {
        var opened = new StandardDescriptors(arena);
        boolean done = false;
        try {
            opened.open(0, request.stdin());
            opened.open(STDOUT, request.stdout());
            opened.open(STDERR, request.stderr());
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.closeChilds();
                opened.closeOurs();
            }
        }
    }

    private void open(int index, Stdio stdio) throws IOException {
        childs[index] = switch (stdio) {
            case Stdio.Simple simple -> switch (simple) {
                case PIPE -> pipe(index);
                case INHERIT -> index;
                case DISCARD -> file("/dev/null", O_RDWR);
                case MERGE -> STDOUT;
            };
            case Stdio.ToFile to -> file(to.path().toString(), flags(index, to.append()));
        };
    }

    private static int flags(int index, boolean append) {
        return index == 0 ? 0 : O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC);
    }

    private int file(String path, int flags) throws IOException {
        long result = kernel.call(
                SyscallNumbers.OPENAT,
                AT_FDCWD,
                arena.allocateFrom(path).address(),
                flags | O_CLOEXEC,
                READ_AND_WRITE_BY_UMASK);
        if (result < 0) {
            throw new IOException(path + ": " + Errno.text((int) -result));
        }
        return keepForStart(aboveStandard((int) result));
    }

    private int pipe(int index) throws IOException {
        MemorySegment ends = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
        Errno.check(kernel.call(SyscallNumbers.PIPE2, ends.address(), O_CLOEXEC));
        int reading = ends.get(ValueLayout.JAVA_INT, 0);
        int writing = ends.get(ValueLayout.JAVA_INT, Integer.BYTES);
        ours[index] = index == 0 ? writing : reading;
        return keepForStart(aboveStandard(index == 0 ? reading : writing));
    }

    private int keepForStart(int descriptor) {
        closedAfterStart.add(descriptor);
        return descriptor;
    }

    /**
     * One of 0 to 2, which is free where this process was started without, would be overwritten in the child too early.
     */
    private int aboveStandard(int descriptor) throws IOException {
        if (descriptor >= COUNT) {
            return descriptor;
        }
        long copy = kernel.call(SyscallNumbers.FCNTL, descriptor, F_DUPFD_CLOEXEC, COUNT);
        kernel.call(SyscallNumbers.CLOSE, descriptor);
        return (int) Errno.check(copy);
    }

    /** Closes what the child has of its own by now. */
    void closeChilds() {
        closedAfterStart.forEach(descriptor -> kernel.call(SyscallNumbers.CLOSE, descriptor));
        closedAfterStart.clear();
    }

    void closeOurs() {
        for (int i = 0; i < COUNT; i++) {
            if (ours[i] != NONE) {
                kernel.call(SyscallNumbers.CLOSE, ours[i]);
                ours[i] = NONE;
            }
        }
    }
}
