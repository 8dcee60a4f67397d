package dev.heddle.process;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import dev.heddle.process.internal.PrivateDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Programs that have children when they are killed, or end. */
final class ParentPrograms {

    /** Says the numbers of a child and of an orphan. */
    private static final String SHELL = "sleep 1000 & echo $!; (sleep 1000 >/dev/null & echo $!); wait";

    private static final int TWO_BILLION = 2_000_000_000;

    private ParentPrograms() {}

    /**
     * Each body says its process id on the standard output, which is that of the program; then the program says {@code
     * ready}.
     */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "busy" -> spawnAndWait(2, () -> busy());
            case "counting" -> spawnAndWait(1, () -> counting());
            case "native" -> spawnAndWait(1, () -> nativeSleep());
            case "ten" -> spawnAndWait(10, () -> sleeping());
            case "nested" -> spawnAndWait(1, () -> spawnAndWait(2, () -> busy()));
            case "hooked" -> spawnAndWait(1, () -> stuckInItsEnd());
            case "memory" -> spawnAndWait(1, () -> holdMemory());
            case "pool" -> pool();
            case "tree" -> spawnAndWait(1, () -> startTree(ParentPrograms::sayPid, true));
            case "tree of a subprocess" -> startSubprocess(ParentPrograms::sayPid, true);
            case "orphan of a subprocess" -> leaveAnOrphan();
            case "directory" -> makeDirectory();
            case "starting" -> starting();
            case "daemon" -> say("pid " + JvmProcess.spawn(options().withDaemon(true), () -> busy()).pid());
            case "no daemon" -> JvmProcess.spawn(options(), () -> late());
            case "exit" -> exitWithAChild();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static ProcessOptions options() {
        return ProcessOptions.DEFAULT
                .withOutput(WorkerOutput.INHERITED)
                .withJvmArguments("-Xmx64m");
    }

    private static void say(String words) {
        System.out.println(words);
        System.out.flush();
    }

    private static void sayPid() {
        sayPid(ProcessHandle.current().pid());
    }

    private static void sayPid(long pid) {
        say("pid " + pid);
    }

    private static void spawnAndWait(int children, RemoteAction body) throws InterruptedException {
        List<JvmProcess> all = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            all.add(JvmProcess.spawn(options(), body));
        }
        for (JvmProcess child : all) {
            child.join();
        }
    }

    // ---- bodies ----

    private static void busy() {
        sayPid();
        long i = 0;
        while (i >= 0) {
            i = (i + 1) & Long.MAX_VALUE;
        }
    }

    private static void sleeping() throws InterruptedException {
        sayPid();
        Thread.sleep(100_000);
    }

    /** A loop that the compiler could leave without a place to stop at, for a minute. */
    private static void counting() {
        long[] data = new long[1024];
        for (int i = 0; i < 200; i++) {
            count(data, 50_000);
        }
        sayPid();
        count(data, TWO_BILLION);
    }

    private static void count(long[] data, int times) {
        for (int i = 0; i < times; i++) {
            long x = data[i & 1023] + i;
            for (int k = 1; k <= 12; k++) {
                x += x / (i | k);
            }
            data[(i * 7) & 1023] = x & 0xffffff;
        }
    }

    @SuppressWarnings("restricted")
    private static void nativeSleep() throws Exception {
        MemorySegment sleep = Linker.nativeLinker().defaultLookup().find("sleep").orElseThrow();
        var call = Linker.nativeLinker()
                .downcallHandle(sleep, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        sayPid();
        try {
            int left = (int) call.invokeExact(100);
            say("slept, left " + left);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Exits, with a shutdown hook that does not end. */
    private static void stuckInItsEnd() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> busy()));
        System.exit(0);
    }

    private static void holdMemory() throws InterruptedException {
        SharedMemory.create("heddle-test-of-child-" + ProcessHandle.current().pid(), 4096);
        SharedMemory.create(4096);
        sayPid();
        Thread.sleep(100_000);
    }

    /** Starts a shell by Java and one by Heddle, each with a child and an orphan, and tells of all. */
    static void startTree(LongConsumer told, boolean stay) throws IOException {
        told.accept(ProcessHandle.current().pid());
        var process = new ProcessBuilder("/bin/sh", "-c", SHELL).start();
        told.accept(process.pid());
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        told.accept(Long.parseLong(output.readLine()));
        told.accept(Long.parseLong(output.readLine()));
        startSubprocess(told, stay);
    }

    private static void startSubprocess(LongConsumer told, boolean stay) {
        Heddle.run(Config.DEFAULT.withSignals(false), () -> {
            Subprocess other = Subprocess.start(SubprocessOptions.PIPED, "/bin/sh", "-c", SHELL);
            told.accept(other.pid());
            told.accept(Long.parseLong(other.stdout().readLine(100).orElseThrow()));
            told.accept(Long.parseLong(other.stdout().readLine(100).orElseThrow()));
            if (stay) {
                other.await();
            }
        });
    }

    /** The subprocess has ended, and what it has started holds its output. */
    private static void leaveAnOrphan() {
        Heddle.run(Config.DEFAULT.withSignals(false), () -> {
            Subprocess ended = Subprocess.start(SubprocessOptions.PIPED, "/bin/sh", "-c", "sleep 1000 & echo $!");
            String orphan = ended.stdout().readLine(100).orElseThrow();
            ended.await();
            sayPid(Long.parseLong(orphan));
            ended.stdout().readLine(100);
        });
    }

    private static void hooked() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> say("hook of the child")));
        sayPid();
        Thread.sleep(100_000);
    }

    private static void late() throws InterruptedException {
        Thread.sleep(500);
        say("the child has ended");
    }

    // ---- parents ----

    private static void makeDirectory() throws IOException, InterruptedException {
        PrivateDirectory directory = PrivateDirectory.make(PrivateDirectory.OF_A_MANAGER);
        Files.createFile(directory.socket());
        say(directory.path().toString());
        Thread.sleep(100_000);
    }

    private static void pool() {
        ProcessPoolOptions options = ProcessPoolOptions.DEFAULT
                .withWorkers(2)
                .withOutput(WorkerOutput.INHERITED)
                .withJvmArguments("-Xmx64m");
        ProcessPool pool = ProcessPool.of(options);
        pool.submit(() -> busy());
        pool.submit(() -> busy());
    }

    /** Says the process ids itself, since the children are not up when it is killed. */
    private static void starting() {
        for (int i = 0; i < 4; i++) {
            say("pid " + JvmProcess.spawn(options(), () -> Thread.sleep(100_000)).pid());
        }
    }

    private static void exitWithAChild() throws IOException {
        JvmProcess.spawn(options(), () -> hooked());
        System.in.read();
        System.exit(9);
    }
}
