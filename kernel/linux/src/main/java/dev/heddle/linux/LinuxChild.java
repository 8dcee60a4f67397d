package dev.heddle.linux;

import dev.heddle.CancelScope;
import dev.heddle.HeddleException;
import dev.heddle.Promise;
import dev.heddle.engine.Child;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.ExitStatus;
import dev.heddle.engine.SpawnRequest;
import dev.heddle.engine.Transport;
import dev.heddle.engine.Watch;
import dev.heddle.internal.ProcessTree;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A child process of an engine of Linux.
 *
 * <pre>
 *   running ──the pidfd is readable──▶ ended ──▶ reaped: not before close(); a detached one at once
 * </pre>
 *
 * <p>It stays in the system's table until it is closed, since its number is that of its group, and the guard knows it
 * by that: a signal then never reaches another.
 */
final class LinuxChild implements Child {

    private static final int SIGKILL = 9;
    private static final String[] NAMES = {"stdin", "stdout", "stderr"};

    private final Started started;
    private final Children children;
    private final SpawnRequest request;
    private final String name;
    private final Promise<ExitStatus> ended = new Promise<>();
    private final @Nullable Transport[] pipes = new Transport[NAMES.length];
    private @Nullable Watch watch;
    private boolean reaped;
    private boolean closed;

    LinuxChild(Started started, SpawnRequest request, Children children) {
        this.started = started;
        this.children = children;
        this.request = request;
        this.name = request.command().getFirst() + " " + started.pid;
    }

    /** Begins to wait for its end and takes the pipes over. */
    void open(DescriptorEngine engine) throws IOException {
        int[] ours = started.ours;
        for (int i = 0; i < ours.length; i++) {
            if (ours[i] != StandardDescriptors.NONE) {
                pipes[i] = engine.adopt(ours[i], NAMES[i] + " of " + name);
                ours[i] = StandardDescriptors.NONE;
            }
        }
        Watch opened = engine.watch(started.pidfd.descriptor(), readiness -> look());
        watch = opened;
        opened.want(Watch.READABLE);
    }

    /** {@link #open} has failed. */
    void giveUp() {
        if (watch != null) {
            watch.close();
        }
        closePipes();
        for (int descriptor : started.ours) {
            if (descriptor != StandardDescriptors.NONE) {
                SystemCalls.anyThread(SyscallNumbers.CLOSE, descriptor, 0, 0, 0, 0, 0);
            }
        }
        started.giveUp();
    }

    /** Below the tasks. */
    private void look() {
        Pidfd pidfd = started.pidfd;
        boolean reap = request.detached() || closed;
        Optional<ExitStatus> status = reap ? pidfd.tryReap() : pidfd.tryLook();
        if (status.isPresent() && watch != null) {
            watch.close();
            watch = null;
            children.ended(this);
            reaped = reap || !status.get().isKnown();
            if (reaped) {
                pidfd.close();
            }
            ended.complete(status.get());
        }
    }

    /** Ends it, if it must not go on, and waits for its end where no loop does. Blocks. */
    void reap() {
        if (!request.detached() && !closed) {
            send(SIGKILL);
            started.release();
        }
        started.pidfd.reap();
        started.pidfd.close();
    }

    @Override
    public long pid() {
        return started.pid;
    }

    @Override
    public Optional<Transport> stdin() {
        return Optional.ofNullable(pipes[0]);
    }

    @Override
    public Optional<Transport> stdout() {
        return Optional.ofNullable(pipes[1]);
    }

    @Override
    public Optional<Transport> stderr() {
        return Optional.ofNullable(pipes[2]);
    }

    @Override
    public ExitStatus await() {
        CancelScope.throwIfCancelled();
        ExitStatus status = ended.join();
        if (!reaped) {
            // In a task: below them the loop would wait for a lock that a task may be the next to get.
            started.ended();
        }
        return status;
    }

    @Override
    public Optional<ExitStatus> status() {
        return ended.isDone() ? Optional.of(ended.join()) : Optional.empty();
    }

    @Override
    public void signal(int signal) {
        if (reaped) {
            return;
        }
        int errno = (int) -send(signal);
        switch (errno) {
            case 0, Errno.ESRCH -> {
                // Sent, or it has just ended.
            }
            case Errno.EINVAL -> throw new IllegalArgumentException("there is no signal " + signal);
            default -> throw new HeddleException(
                    "signal " + signal + " cannot be sent to " + this + ": " + Errno.text(errno));
        }
    }

    private long send(int signal) {
        if (isTaken()) {
            return -Errno.ESRCH;
        }
        if (signal == SIGKILL && !request.detached()) {
            return kill();
        }
        return request.ownGroup() ? group(signal) : started.pidfd.signal(signal);
    }

    /** Whether somebody else in this JVM has waited for it: then its number may be another's. */
    private boolean isTaken() {
        return started.pidfd.tryLook().filter(status -> !status.isKnown()).isPresent();
    }

    /** Kills all of it; after its end nothing is below it any more, and its group has what is left. */
    private long kill() {
        List<ProcessHandle> below = ended.isDone()
                ? List.of()
                : ProcessHandle.of(started.pid).map(ProcessTree::below).orElse(List.of());
        long result = PosixSpawn.leadsGroup(request) ? group(SIGKILL) : started.pidfd.signal(SIGKILL);
        below.forEach(ProcessHandle::destroyForcibly);
        return result;
    }

    private long group(int signal) {
        return SystemCalls.anyThread(SyscallNumbers.KILL, -started.pid, signal, 0, 0, 0, 0);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closePipes();
        started.release();
        if (ended.isDone() && !reaped) {
            reaped = true;
            started.pidfd.tryReap();
            started.pidfd.close();
        }
    }

    private void closePipes() {
        for (Transport pipe : pipes) {
            if (pipe != null) {
                pipe.close();
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
