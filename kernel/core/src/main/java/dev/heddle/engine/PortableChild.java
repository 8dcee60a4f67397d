package dev.heddle.engine;

import dev.heddle.CancelScope;
import dev.heddle.Promise;
import dev.heddle.internal.GuardProcess;
import dev.heddle.internal.GuardedProcess;
import dev.heddle.internal.ProcessTree;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process of Java's own {@link ProcessBuilder}: on each system, with a thread for each pipe, and without process
 * groups.
 */
final class PortableChild implements Child {

    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private final Process process;
    private final GuardedProcess guarded;
    private final Optional<Transport> stdin;
    private final Optional<Transport> stdout;
    private final Optional<Transport> stderr;
    private final Promise<ExitStatus> ended = new Promise<>();

    private PortableChild(Process process, GuardedProcess guarded, SpawnRequest request) {
        this.process = process;
        this.guarded = guarded;
        String of = " of " + request.command().getFirst() + " " + process.pid();
        this.stdin = ifPipe(
                request.stdin(), () -> BlockingTransports.writing(process.getOutputStream(), "stdin" + of, false));
        this.stdout = ifPipe(
                request.stdout(),
                () -> BlockingTransports.reading(new Reread(process.getInputStream()), "stdout" + of));
        this.stderr = ifPipe(
                request.stderr(),
                () -> BlockingTransports.reading(new Reread(process.getErrorStream()), "stderr" + of));
        var _ = process.onExit().thenAccept(p -> {
            guarded.release();
            ended.complete(ExitStatus.exited(p.exitValue()));
        });
    }

    private static Optional<Transport> ifPipe(Stdio stdio, Supplier<Transport> transport) {
        return stdio == Stdio.PIPE ? Optional.of(transport.get()) : Optional.empty();
    }

    /** Blocks for as long as the system needs. */
    static Child start(SpawnRequest request) throws IOException {
        if (request.ownGroup() || request.detached()) {
            throw new UnsupportedOperationException(
                    "processes of the portable engine cannot lead a group, nor be detached; those of Linux can");
        }
        List<String> command = new ArrayList<>(request.command());
        command.set(0, request.executable().toString());
        var builder = new ProcessBuilder(command);
        if (!request.directory().toString().isEmpty()) {
            builder.directory(request.directory().toFile());
        }
        setVariables(builder.environment(), request.environment());
        builder.redirectInput(input(request.stdin()));
        builder.redirectOutput(output(request.stdout()));
        if (request.stderr() == Stdio.MERGE) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(output(request.stderr()));
        }
        GuardProcess.prepare();
        Process process = builder.start();
        return new PortableChild(process, GuardedProcess.of(process.toHandle()), request);
    }

    /** Leaves what is inherited as it is: as text it may have lost bytes that are none. */
    private static void setVariables(Map<String, String> all, Map<String, String> wanted) {
        all.keySet().retainAll(wanted.keySet());
        wanted.forEach((name, value) -> {
            if (!value.equals(all.get(name))) {
                all.put(name, value);
            }
        });
    }

    private static Redirect input(Stdio stdio) {
        return switch (stdio) {
            case Stdio.Simple simple -> switch (simple) {
                case PIPE, MERGE -> Redirect.PIPE;
                case INHERIT -> Redirect.INHERIT;
                case DISCARD -> Redirect.from(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"));
            };
            case Stdio.ToFile file -> Redirect.from(file.path().toFile());
        };
    }

    private static Redirect output(Stdio stdio) {
        return switch (stdio) {
            case Stdio.Simple simple -> switch (simple) {
                case PIPE, MERGE -> Redirect.PIPE;
                case INHERIT -> Redirect.INHERIT;
                case DISCARD -> Redirect.DISCARD;
            };
            case Stdio.ToFile file -> file.append()
                    ? Redirect.appendTo(file.path().toFile())
                    : Redirect.to(file.path().toFile());
        };
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Optional<Transport> stdin() {
        return stdin;
    }

    @Override
    public Optional<Transport> stdout() {
        return stdout;
    }

    @Override
    public Optional<Transport> stderr() {
        return stderr;
    }

    @Override
    public ExitStatus await() {
        CancelScope.throwIfCancelled();
        return ended.join();
    }

    @Override
    public Optional<ExitStatus> status() {
        return ended.isDone() ? Optional.of(ended.join()) : Optional.empty();
    }

    @Override
    public void signal(int signal) {
        if (ended.isDone()) {
            return;
        }
        // By the handle: Process.destroy() would close the pipes, with what the child still has to say in them.
        switch (signal) {
            case SIGTERM -> process.toHandle().destroy();
            case SIGKILL -> ProcessTree.kill(process.toHandle());
            default -> throw new UnsupportedOperationException(
                    "the portable engine can send the signals 9 (KILL) and 15 (TERM) only, not " + signal);
        }
    }

    @Override
    public void close() {
        guarded.release();
        stdin.ifPresent(Transport::close);
        stdout.ifPresent(Transport::close);
        stderr.ifPresent(Transport::close);
    }

    @Override
    public String toString() {
        return "process " + process.pid();
    }

    /**
     * When a process ends, Java takes what is left in its pipe and puts it into the stream in the place of the pipe. A
     * read that is just under way then fails or sees an end, and the next one gets what is left.
     */
    private static final class Reread extends FilterInputStream {

        Reread(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count;
            try {
                count = super.read(target, offset, length);
            } catch (IOException e) {
                count = -1;
            }
            return count < 0 ? super.read(target, offset, length) : count;
        }
    }
}
