package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.FailureHandler;
import dev.heddle.Handle;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;
import dev.heddle.engine.Acceptor;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.Transport;
import dev.heddle.internal.FirstUse;
import dev.heddle.internal.GuardProcess;
import dev.heddle.internal.GuardedProcess;
import dev.heddle.internal.ProcessTree;
import dev.heddle.internal.SecretNumbers;
import dev.heddle.internal.Unyielding;
import dev.heddle.io.ByteStream;
import dev.heddle.process.internal.PrivateDirectory;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.FrameChannel;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.codec.Setup;
import dev.heddle.process.internal.work.Marshaller;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM as its parent sees it: the process, the connection, and what it prints.
 *
 * <pre>
 *   started ──says the secret it was given on its standard input──▶ ready ──work, result──▶ ready ──▶ ended, or dead
 * </pre>
 *
 * <p>The socket lies in a directory of our own, is taken away as soon as the child is there, and nothing of the child
 * is decoded before it has said the secret.
 *
 * <p>Confined to a loop; any thread may {@link #kill} it.
 */
final class WorkerProcess extends JobPipeline {

    /**
     * How to start one.
     *
     * @param command asked by a worker thread, since it may look at files
     * @param cache what the command may use; null for none
     */
    record Start(
            String name,
            Supplier<List<String>> command,
            Supplier<@Nullable StartCache> cache,
            Marshaller marshaller,
            ChildOutput output,
            Duration grace) {

        /** With arguments of users for the JVM. */
        static Start of(
                String name, List<String> jvmArguments, Marshaller marshaller, WorkerOutput output, Duration grace) {
            return new Start(
                    name,
                    () -> JavaCommand.of(WorkerMain.class, jvmArguments),
                    () -> StartCache.of(jvmArguments),
                    marshaller,
                    new ChildOutput(name, output),
                    grace);
        }
    }

    /** A child that was started, as the system knows it. */
    record Launched(Process process, GuardedProcess guarded) {

        /** Ends it at once, with all that it has started; does nothing once it has ended. Any thread. */
        void kill() {
            ProcessTree.kill(process.toHandle());
            process.destroyForcibly(); // closes its pipes
        }

        /** It has ended: what it has left behind ends too. */
        void letGo() {
            guarded.endGroup();
            guarded.release();
        }
    }

    /** The variable that marks a child and what it starts. */
    private static final String MARK = "HEDDLE_CHILD";

    /** What a JVM that crashes dies of, signal(7): SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV. */
    private static final Set<Integer> CRASHES = Set.of(4, 5, 6, 7, 8, 11);

    /** An exit code is this and the signal. */
    private static final int KILLED = 128;

    private static final int STRANGER_BYTES = 256;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(5);
    private static final long LAST_LINES_MILLIS = 500;
    /** What makes a child lead a session, and so a group of its own; nothing where the system has no such program. */
    private static final List<String> OWN_SESSION = Stream.of("/usr/bin/setsid", "/bin/setsid")
            .filter(program -> Files.isExecutable(Path.of(program)))
            .limit(1)
            .toList();

    private static final ListenOptions ONE = ListenOptions.DEFAULT.withBacklog(1).withReuseAddress(false);

    private final Start start;
    private final Launched launched;
    private final Process process;
    private final Tail tail;
    private final FrameChannel channel;
    private final Loop loop = Heddle.currentLoop();
    private final String text;
    private @Nullable Handle alarm;
    private boolean ending;

    /** Where its jobs come from, and for whom; null while it does one thing at a time. */
    private @Nullable JobQueue queue;

    private JobQueue.@Nullable Worker worker;

    /** Most jobs that it gets in all. */
    private long maxJobs;

    private volatile boolean killed;

    private WorkerProcess(Start start, Launched launched, Tail tail, ByteStream stream) {
        super(start.grace().toNanos());
        this.start = start;
        this.launched = launched;
        this.process = launched.process();
        this.tail = tail;
        this.channel = new FrameChannel(stream, BUFFER_BYTES, STRANGER_BYTES, Integer.MAX_VALUE);
        this.text = start.name() + " (process " + process.pid() + ")";
    }

    // ---- the start ----

    /**
     * Starts one and waits until it has come and said who it is. One that crashes before may have a start cache that is
     * damaged inside, as after a torn write: the cache is removed, and another one started without.
     *
     * <p>Cancellation: a cancelled call leaves no process.
     *
     * @param started gets the process as soon as there is one; by another thread
     * @throws WorkerDiedException if it cannot be started, or ends before it is ready
     */
    static WorkerProcess start(Start start, Consumer<Launched> started) {
        try {
            return startOnce(start, started);
        } catch (WorkerDiedException e) {
            if (!hasCrashed(e) || !Heddle.offload(() -> removesCache(start))) {
                throw e;
            }
            FailureHandler.LOG.failed("a child crashed before it was ready; its start cache may be damaged and was"
                    + " removed, and another child is started without", e);
            return startOnce(start, started);
        }
    }

    private static boolean hasCrashed(WorkerDiedException death) {
        return CRASHES.contains(death.exitCode().orElse(0) - KILLED);
    }

    private static boolean removesCache(Start start) {
        StartCache cache = start.cache().get();
        return cache != null && cache.isThere() && cache.remove();
    }

    private static WorkerProcess startOnce(Start start, Consumer<Launched> started) {
        try (PrivateDirectory directory = Heddle.offload(() -> PrivateDirectory.make(PrivateDirectory.OF_A_CHILD));
                Acceptor acceptor = Heddle.currentLoop()
                        .engine()
                        .listen(UnixDomainSocketAddress.of(directory.socket()), ONE)) {
            FirstUse.RANDOM.begin();
            byte[] secret = SecretNumbers.bytes(Frame.SECRET_BYTES);
            Launched launched = Heddle.offload(() -> launch(start, directory.socket(), secret, started));
            Process process = launched.process();
            WorkerProcess child = null;
            try {
                var tail = new Tail(process, start.name(), start.output());
                Transport transport = accept(acceptor, process, start.name(), tail);
                child = new WorkerProcess(start, launched, tail, new ByteStream(transport));
                child.greet(secret);
                return child;
            } catch (Throwable e) {
                launched.kill();
                launched.letGo();
                if (child != null) {
                    child.channel.close();
                }
                throw e;
            }
        } catch (IOException e) {
            throw new WorkerDiedException(
                    start.name(), -1, "could not be started: " + e.getMessage(), null, List.of(), e);
        }
    }

    private static Launched launch(Start start, Path socket, byte[] secret, Consumer<Launched> started)
            throws IOException {
        JavaCommand.requireJava();
        List<String> command = new ArrayList<>(OWN_SESSION);
        command.addAll(start.command().get());
        var builder = new ProcessBuilder(command);
        if (start.output().isInherited()) {
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        }
        String mark = HexFormat.of().formatHex(SecretNumbers.bytes(Frame.SECRET_BYTES));
        JavaCommand.prepare(builder.environment());
        builder.environment().put(MARK, mark);
        GuardProcess.prepare();
        Process process = builder.start();
        var launched = new Launched(process, GuardedProcess.of(process.toHandle(), MARK + "=" + mark));
        started.accept(launched);
        String lines = socket + "\n" + HexFormat.of().formatHex(secret) + "\n";
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(lines.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended already, as will be seen.
        }
        return launched;
    }

    private static Transport accept(Acceptor acceptor, Process process, String name, Tail tail) {
        Loop loop = Heddle.currentLoop();
        var _ = process.onExit().thenRun(() -> {
            try {
                loop.callFromThread(acceptor::close);
            } catch (IllegalStateException e) {
                // The loop has ended before the process.
            }
        });
        try {
            return moveOnAfter(START_LIMIT, acceptor::accept)
                    .orElseThrow(() -> new WorkerDiedException(
                            name, process.pid(), "was not ready in time", null, lines(tail, 0), null));
        } catch (ClosedException e) {
            throw new WorkerDiedException(
                    name, process.pid(), "ended before it was ready", process.exitValue(),
                    lines(tail, LAST_LINES_MILLIS), null);
        }
    }

    private static List<String> lines(Tail tail, long patienceMillis) {
        return Heddle.offload(() -> tail.lines(patienceMillis));
    }

    private void greet(byte[] secret) {
        Frame hello = null;
        try {
            hello = moveOnAfter(START_LIMIT, channel::read).orElse(null);
        } catch (TaskFailedException e) {
            throw died(Objects.requireNonNull(e.getCause()));
        } catch (BrokenException e) {
            throw died(e);
        }
        if (hello == null) {
            throw new WorkerDiedException(
                    start.name(), process.pid(), "was not ready in time", null, lines(tail, 0), null);
        }
        if (hello.kind() != MessageKind.HELLO
                || !MessageDigest.isEqual(hello.content(), secret)) {
            throw died(new IOException("it did not authenticate"));
        }
        Codec codec = start.marshaller().codec();
        channel.allow(codec.maxBytes());
        send(MessageKind.SETUP, 0, Setup.of(start.name(), codec).encode());
    }

    // ---- its life ----

    /** Does something with it, and ends it at once after that. */
    <T extends @Nullable Object> T during(Callable<T> life) throws Exception {
        Task<Void> writer = Heddle.spawn("to " + text, channel::write);
        try {
            return life.call();
        } finally {
            writer.cancel("the child has ended");
            bury();
        }
    }

    /**
     * Has work done, by a child that does nothing else meanwhile.
     *
     * @return how it has ended
     * @throws WorkerDiedException if the child dies
     */
    Outcome<?> run(Output work) {
        var job = new RemoteJob<@Nullable Object>(work, start.marshaller(), 1);
        give(job);
        settle();
        while (!job.isDone()) {
            Throwable end = receive();
            if (end != null) {
                throw died(end);
            }
            settle();
        }
        return job.outcome();
    }

    /**
     * Waits for frames and takes them; to be followed by {@link #settle}.
     *
     * @return what has ended the connection; null while it has not ended
     */
    @Nullable Throwable receive() {
        try {
            for (Frame frame = channel.read(); frame != null; frame = channel.next()) {
                if (frame.kind() == MessageKind.CLASS_WANTED) {
                    giveClass(frame);
                } else {
                    take(frame, text);
                }
            }
            return null;
        } catch (IOException | BrokenException | ClosedException e) {
            return e;
        }
    }

    private void giveClass(Frame wanted) {
        Heddle.spawn("a class for " + text, () -> {
            byte[] bytes = Heddle.offload(() -> classBytes(wanted.content()));
            send(MessageKind.CLASS, wanted.number(), Output.of(bytes));
        });
    }

    private byte[] classBytes(byte[] name) {
        String path = new String(name, StandardCharsets.UTF_8).replace('.', '/') + ".class";
        Marshaller marshaller = start.marshaller();
        try (InputStream source = marshaller.loader().getResourceAsStream(path)) {
            byte[] found = source == null ? Frame.NOTHING : source.readAllBytes();
            return found.length > marshaller.codec().maxBytes() ? Frame.NOTHING : found;
        } catch (IOException | RuntimeException e) {
            return Frame.NOTHING;
        }
    }

    String name() {
        return start.name();
    }

    // ---- the pipeline's ----

    /** Lets jobs of a queue come, which a worker takes. */
    void open(JobQueue from, JobQueue.Worker by, long most) {
        queue = from;
        worker = by;
        maxJobs = most;
        open();
    }

    @Override
    JobQueue.Next exchange(int count, int most, List<RemoteJob<?>> into) {
        JobQueue from = queue;
        JobQueue.Worker mine = worker;
        return from == null || mine == null
                ? JobQueue.Next.WORK
                : Unyielding.call(() -> from.exchange(mine, count, (int) Math.min(most, maxJobs - jobs()), into));
    }

    @Override
    void putBack(RemoteJob<?> job) {
        if (queue != null && worker != null) {
            queue.giveBack(worker, job);
        }
    }

    @Override
    long pid() {
        return process.pid();
    }

    @Override
    void send(MessageKind kind, long number, Output content) {
        channel.send(kind, false, number, content);
    }

    @Override
    void lookAt(long nanoTime) {
        if (alarm != null) {
            alarm.cancel();
        }
        alarm = loop.callAt(nanoTime, this::look);
    }

    @Override
    long nanoTime() {
        return loop.nanoTime();
    }

    // ---- the end ----

    /** Has it end in peace, and by force if it has not gone within the grace time. */
    void end() {
        if (!ending) {
            ending = true;
            send(MessageKind.END, 0, Output.NOTHING);
            loop.callLater(start.grace(), this::kill);
        }
    }

    /** Whether it has not ended, as far as the system has told. */
    boolean isAlive() {
        return process.isAlive();
    }

    boolean isEnding() {
        return ending;
    }

    boolean isKilled() {
        return killed;
    }

    /** Ends it at once, as its reader sees soon. Any thread. */
    @Override
    void kill() {
        killed = true;
        launched.kill();
    }

    /** What has become of it, after the end of the connection. */
    WorkerDiedException died(Throwable end) {
        boolean closed = end instanceof EOFException || end instanceof BrokenException;
        boolean ended = closed ? awaitExit() : !process.isAlive();
        String what = ended ? "died" : "was killed, since its connection failed: " + end.getMessage();
        if (killed) {
            what = "was killed for another body, which did not end when it was given up";
        }
        Integer code = ended && !killed ? process.exitValue() : null;
        launched.kill();
        return new WorkerDiedException(
                start.name(), process.pid(), what, code, lines(tail, LAST_LINES_MILLIS),
                closed && ended ? null : end);
    }

    private boolean awaitExit() {
        return !process.isAlive() || moveOnAfter(EXIT_LIMIT, () -> {
            Heddle.await(process.onExit());
        });
    }

    /** Ends it at once, waits for that, and closes the connection. */
    private void bury() {
        if (alarm != null) {
            alarm.cancel();
        }
        Heddle.shield(() -> {
            if (ending && !killed) {
                awaitExit();
            }
            launched.kill();
            awaitExit();
        });
        launched.letGo();
        channel.close();
    }

    @Override
    public String toString() {
        return text;
    }
}
