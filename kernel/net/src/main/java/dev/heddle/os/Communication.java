package dev.heddle.os;

import dev.heddle.BrokenException;
import dev.heddle.BusyException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.engine.Child;
import dev.heddle.engine.ExitStatus;
import dev.heddle.io.ByteStream;
import dev.heddle.io.LimitExceededException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Subprocess#communicate}: all pipes at once, so that none fills up while another is waited for.
 *
 * <p>The end of the process is the end of the call, not the end of its output: that may be kept open by a process that
 * it left behind.
 */
final class Communication {

    private static final int SIGKILL = 9;

    private final Child child;
    private final SubprocessOptions options;
    private final Optional<ByteStream> stdin;
    private final List<OutputCollector> outputs = new ArrayList<>();
    private final Optional<OutputCollector> stdout;
    private final Optional<OutputCollector> stderr;
    private @Nullable RuntimeException failure;

    Communication(
            Child child,
            SubprocessOptions options,
            Optional<ByteStream> stdin,
            Optional<ByteStream> stdout,
            Optional<ByteStream> stderr) {
        this.child = child;
        this.options = options;
        this.stdin = stdin;
        this.stdout = stdout.map(stream -> collected(stream, "the output"));
        this.stderr = stderr.map(stream -> collected(stream, "the standard error"));
    }

    private OutputCollector collected(ByteStream stream, String what) {
        var collected = new OutputCollector(stream, what + " of process " + child.pid(), options);
        outputs.add(collected);
        return collected;
    }

    Subprocess.Result run(List<String> command) {
        TaskGroup.Body<ExitStatus> body = this::untilEnd;
        ExitStatus status = Heddle.group(body);
        if (failure != null) {
            throw failure;
        }
        return new Subprocess.Result(
                command,
                status,
                stdout.map(OutputCollector::bytes).orElse(new byte[0]),
                stderr.map(OutputCollector::bytes).orElse(new byte[0]),
                outputs.stream().allMatch(OutputCollector::hasEnded));
    }

    private ExitStatus untilEnd(TaskGroup group) {
        stdin.ifPresent(stream -> group.spawn("write " + stream.remoteAddress(), () -> feed(stream)));
        List<Task<Void>> readers = new ArrayList<>();
        for (OutputCollector output : outputs) {
            readers.add(group.spawn("read " + output, () -> collect(output)));
        }
        ExitStatus status = child.await();
        Heddle.moveOnAfter(options.drain(), () -> readers.forEach(Task::awaitOutcome));
        group.cancel("the process has ended");
        return status;
    }

    private void feed(ByteStream stream) {
        ByteBuffer input = options.input().duplicate();
        try {
            stream.write(input);
            stream.closeOutput();
        } catch (BrokenException e) {
            endInput(stream, input.position() > 0);
        } catch (ClosedException e) {
            // As after an earlier call.
        } catch (BusyException e) {
            fail(e);
        }
    }

    /**
     * The process has read what it wanted, which is its affair. But where an earlier write was cut off, it waits for
     * the rest, which nobody knows any more.
     */
    private void endInput(ByteStream stream, boolean begun) {
        try {
            if (!begun) {
                stream.closeOutput();
            }
            stream.abort();
        } catch (BrokenException e) {
            fail(e);
        }
    }

    private void collect(OutputCollector output) {
        try {
            output.read();
        } catch (LimitExceededException | BrokenException | BusyException | ClosedException e) {
            fail(e);
        }
    }

    /** A failure is kept for after the process's end, which it hurries. */
    private void fail(RuntimeException e) {
        failure = failure == null ? e : failure;
        child.signal(SIGKILL);
    }

    /** Reads to the end and keeps nothing. */
    static void throwAway(ByteStream output) {
        try {
            for (ByteBuffer bytes = output.fill(); bytes.hasRemaining(); bytes = output.fill()) {
                bytes.position(bytes.limit());
            }
        } catch (BrokenException | BusyException | ClosedException e) {
            // Another task reads it, or there is nothing to read any more.
        }
    }
}
