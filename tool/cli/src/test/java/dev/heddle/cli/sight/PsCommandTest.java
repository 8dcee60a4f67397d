package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.Exit;
import dev.heddle.internal.SystemUser;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs as they are found from another process, whatever state they are in. */
@Tag("full")
final class PsCommandTest {

    private static final String PARKED = """
            run(Config.DEFAULT.withName("main"), () -> {
                for (int i = 0; i < 5; i++) {
                    spawn("guest " + i, () -> sleep(Duration.ofHours(1)));
                }
                IO.println("ready");
                sleep(Duration.ofHours(1));
            });""";

    @TempDir
    Path directory;

    private ObservedPrograms programs;

    @BeforeEach
    void begin() {
        programs = new ObservedPrograms(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    @Test
    void programIsListedWithItsLoopsAndTasksAndEachLoopWithItsOwn() throws Exception {
        String pid = Long.toString(programs.start(PARKED).pid());

        CommandLine all = programs.heddle("ps");
        assertEquals(Exit.FINE, all.exit(), all.err());
        assertEquals(2, all.lines().size(), all.out());
        assertTrue(all.lines().get(0).matches(" +PID  PROGRAM +LOOPS  TASKS +BUSY +UP  VERSION"), all.out());
        assertTrue(
                all.lines().get(1).matches(" *" + pid + "  Program0.java +1 +6 +[0-9]+ % .*  (development|[0-9]\\S+)"),
                all.out());

        CommandLine loops = programs.heddle("ps", pid);
        assertEquals(Exit.FINE, loops.exit(), loops.err());
        assertTrue(loops.lines().get(1).matches("main +\\w+ +6 +0 +6 .* waits"), loops.out());

        AnswerLine json = AnswerLine.parse(programs.heddle("ps", "--json").out());
        assertEquals("program", json.kind());
        assertEquals(Long.parseLong(pid), json.number("pid"));
        assertEquals(6, json.number("tasks"));
        assertFalse(json.flag("acts"));
    }

    @Test
    void stoppedProgramHoldsNobodyUpAndIsSaidToBeStopped() throws Exception {
        Process program = programs.start(PARKED);
        ObservedPrograms.signal(program, "STOP");

        CommandLine all = programs.heddle("ps");
        assertEquals(Exit.NOT_ALL, all.exit());
        assertTrue(all.lines().get(1).contains("java (stopped)"), all.out());
        CommandLine one = programs.heddle("ps", Long.toString(program.pid()));
        assertEquals(Exit.NOT_ALL, one.exit());
        assertTrue(one.err().contains("process " + program.pid() + " is stopped, by SIGSTOP or a debugger"), one.err());
        assertTrue(one.err().contains("From outside: java of "), one.err());
        assertTrue(one.err().contains(" threads, "), one.err());

        ObservedPrograms.signal(program, "CONT");
        assertEquals(Exit.FINE, programs.heddle("ps").exit());
    }

    @Test
    void loopThatHangsIsNamedWithItsTaskAndItsLine() throws Exception {
        Process program = programs.start("""
                run(() -> {
                    spawn("busy bee", () -> {
                        IO.println("ready");
                        while (true) {
                            Thread.onSpinWait();
                        }
                    });
                });""");

        CommandLine loops = programs.heddle("ps", Long.toString(program.pid()));
        assertEquals(Exit.FINE, loops.exit(), loops.err());
        assertTrue(loops.out().contains("held by busy bee at Program0"), loops.out());
        assertTrue(programs.heddle("ps").out().contains("Program0.java (1 loop held)"));
    }

    @Test
    void killedProgramIsGoneAndItsSocketIsCleanedUp() throws Exception {
        Process program = programs.start(PARKED);
        program.destroyForcibly().waitFor();
        assertTrue(Files.exists(programs.sockets().resolve(program.pid() + ".sock")));

        CommandLine all = programs.heddle("ps");
        assertEquals(Exit.FINE, all.exit(), all.err());
        assertEquals("", all.out());
        assertFalse(Files.exists(programs.sockets().resolve(program.pid() + ".sock")));
        assertEquals(
                "heddle ps: there is no process " + program.pid() + "\n",
                programs.heddle("ps", Long.toString(program.pid())).err());
    }

    @Test
    void programThatEndsInOrderTakesItsSocketAway() throws Exception {
        Process program = programs.start("run(() -> IO.println(\"ready\")); System.in.read();");
        program.getOutputStream().close();
        program.waitFor();

        try (var left = Files.list(programs.sockets())) {
            assertEquals(List.of(), left.toList());
        }
    }

    /** A JVM waits 0.3 s at its end for each thread that is in the system. */
    @Test
    void programThatEndsAnswersToTheLastAndNoThreadHoldsItUp() throws Exception {
        Process program = programs.start("""
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        Thread observer = Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("heddle-observe")).findFirst().orElseThrow();
                        while (observer.getState() == Thread.State.RUNNABLE) {
                            Thread.onSpinWait();
                        }
                        IO.println("parked");
                        System.in.read();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
                run(() -> {
                    IO.println("ready");
                    offload(() -> System.in.read());
                });""");
        program.getOutputStream().write('x');
        program.getOutputStream().flush();
        assertEquals("parked", program.inputReader().readLine());

        CommandLine all = programs.heddle("ps");
        assertEquals(Exit.FINE, all.exit(), all.err());
        assertTrue(all.lines().get(1).contains("  Program0.java  "), all.out());
        program.getOutputStream().close();
        assertEquals(0, program.waitFor());
        assertFalse(Files.exists(programs.sockets().resolve(program.pid() + ".sock")));
    }

    @Test
    void jvmThatIsNotObservedIsToldWithWhatElseCanLookIntoIt() throws Exception {
        for (Process program : List.of(
                programs.startUnobserved("IO.println(\"ready\"); System.in.read();"),
                programs.startUnobserved(PARKED, "-Dheddle.observe=off"))) {
            CommandLine run = programs.heddle("ps", Long.toString(program.pid()));

            assertEquals(Exit.NOT_ALL, run.exit());
            assertTrue(run.err().contains("is a Java virtual machine that cannot be observed"), run.err());
            assertTrue(run.err().contains("From outside: java of "), run.err());
            assertTrue(run.err().contains("jcmd " + program.pid() + " Thread.print"), run.err());
        }
        assertEquals("", programs.heddle("ps").out());
    }

    @Test
    void programWhoseDirectoryOthersMayEnterSaysSoOnceAndRunsOn() throws Exception {
        Files.createDirectory(
                programs.sockets(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Process program = programs.startUnobserved("""
                var said = new java.util.concurrent.LinkedBlockingQueue<String>();
                var log = java.util.logging.Logger.getLogger("dev.heddle.observe");
                log.setUseParentHandlers(false);
                log.addHandler(new java.util.logging.Handler() {
                    public void publish(java.util.logging.LogRecord entry) {
                        said.add(entry.getMessage());
                    }

                    public void flush() {}

                    public void close() {}
                });
                run(() -> 1);
                String first = said.take();
                run(() -> 2);
                IO.println("ready");
                IO.println(first);
                IO.println(said.size());""");
        String said = program.inputReader().readLine();

        assertTrue(said.startsWith("this process cannot be observed (-Dheddle.observe=off if it need not): "), said);
        assertTrue(said.endsWith(programs.sockets() + ": its mode is 755 and must be 700"), said);
        assertEquals("0", program.inputReader().readLine());
        assertEquals(0, program.waitFor());
        try (var left = Files.list(programs.sockets())) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void programWithAnotherEnvironmentIsFoundByItsNumber(@TempDir Path other) throws Exception {
        try (ObservedPrograms others = new ObservedPrograms(other)) {
            Process program = others.start(PARKED);

            assertEquals("", programs.heddle("ps").out());
            CommandLine loops = programs.heddle("ps", Long.toString(program.pid()));
            assertEquals(Exit.FINE, loops.exit(), loops.err());
            assertTrue(loops.lines().get(1).startsWith("main "), loops.out());
        }
    }

    @Test
    void processThatIsNoJvmIsSaidToBeNone() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "100").start();
        try {
            CommandLine run = programs.heddle("ps", Long.toString(sleep.pid()));
            assertEquals(Exit.NOT_ALL, run.exit());
            assertEquals("heddle ps: process " + sleep.pid() + " (sleep) is no Java virtual machine\n", run.err());
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    void childrenOfAPoolStandBelowTheirParentWithAndWithoutLoops() throws Exception {
        Process program = programs.start("""
                run(() -> {
                    try (ProcessPool pool = ProcessPool.of(2)) {
                        pool.submit(() -> { Thread.sleep(Duration.ofHours(1)); return 1; });
                        pool.submit(() -> run(() -> { sleep(Duration.ofHours(1)); return 1; }));
                        while (ProcessHandle.current().children().count() < 2) {
                            sleep(Duration.ofMillis(10));
                        }
                        IO.println("ready");
                        sleep(Duration.ofHours(1));
                    }
                });""");
        String out = "";
        // The children take their time to start.
        while (out.lines().filter(line -> line.contains("    worker  ")).count() < 2 || !out.contains("  1      1  ")) {
            out = programs.heddle("ps").out();
        }
        assertTrue(out.lines().toList().get(1).contains("  Program0.java  "), out);
        assertEquals(4, out.lines().count(), out);
        String json = programs.heddle("ps", "--json").out();
        assertEquals(2, json.lines().filter(line -> line.contains("\"parent\":" + program.pid())).count(), json);
    }

    @Test
    void processOfAnotherUserIsNamedAsTheirs() throws Exception {
        List<String> command = new ArrayList<>();
        List<String> path = new ArrayList<>();
        boolean root = SystemUser.number() == 0;
        if (root) {
            // Who may all looks as who may not; that one cannot read the class path where it is.
            command.addAll(List.of("setpriv", "--reuid=65534", "--clear-groups"));
            copyClassPath(path);
        } else {
            path.add(System.getProperty("java.class.path"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                String.join(File.pathSeparator, path), "dev.heddle.cli.Main", "ps", "1"));
        Process process = new ProcessBuilder(command).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(Exit.NOT_ALL, process.waitFor(), err);
        assertTrue(err.contains("heddle ps: process 1 is root's; only they can look into it, or root"), err);
    }

    private void copyClassPath(List<String> path) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            Path to = directory.resolve(path.size() + "-" + from.getFileName());
            if (Files.exists(from)) {
                new ProcessBuilder("cp", "-r", from.toString(), to.toString()).start().waitFor();
                path.add(to.toString());
            }
        }
    }

    @Test
    void numberOfAThreadIsToldAsSuch() throws Exception {
        Path threads = Path.of("/proc/self/task");
        if (Files.isDirectory(threads)) {
            long own = ProcessHandle.current().pid();
            try (Stream<Path> all = Files.list(threads)) {
                // One that ends meanwhile is nobody's.
                assertTrue(all.allMatch(each -> Programs.processOf(Long.parseLong(each.getFileName().toString())) == own
                        || !Files.exists(each)));
            }
        }
    }
}
