package dev.heddle.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.heddle.Heddle;
import dev.heddle.process.ProcessPool;
import dev.heddle.process.SharedLongs;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.SharedQueue;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands and pools in odd surroundings: each works, or says in a line why it does not. */
final class SurroundingsTest {

    @TempDir
    private Path directory;

    /**
     * What is around a process.
     *
     * @param shell what a shell does before it becomes the process
     */
    private record Surroundings(String name, String shell, List<String> jvmOptions) {

        static Surroundings of(String name, String shell, String... jvmOptions) {
            return new Surroundings(name, shell, List.of(jvmOptions));
        }

        Surroundings and(Surroundings other) {
            List<String> both = new ArrayList<>(jvmOptions);
            both.addAll(other.jvmOptions);
            return new Surroundings(name + " and " + other.name, shell + "\n" + other.shell, both);
        }
    }

    /** @param expected what the output has if it works */
    private record Deed(String name, String main, List<String> words, String expected) {}

    private List<Surroundings> surroundings() {
        String deep = directory.resolve("d".repeat(100)).toString();
        return List.of(
                Surroundings.of("as usual", ""),
                Surroundings.of("locale C", "export LC_ALL=C"),
                Surroundings.of("locale not installed", "export LC_ALL=xx_XX.UTF-8"),
                Surroundings.of("no HOME", "unset HOME XDG_CACHE_HOME XDG_RUNTIME_DIR"),
                Surroundings.of("HOME that is not there", "export HOME=/proc/none XDG_CACHE_HOME=",
                        "-Duser.home=/proc/no"),
                Surroundings.of("no directory for temporary files", "", "-Djava.io.tmpdir=/proc/none"),
                Surroundings.of("long directory for temporary files", "mkdir -p " + deep, "-Djava.io.tmpdir=" + deep),
                Surroundings.of("closed input", "exec <&-"),
                Surroundings.of("closed errors", "exec 2>&-"),
                Surroundings.of("full output", "exec >/dev/full"),
                Surroundings.of("few descriptors", "ulimit -n 200"),
                Surroundings.of("umask of all", "umask 0777"),
                Surroundings.of("umask of none", "umask 0"),
                Surroundings.of("root directory", "cd /"),
                Surroundings.of("debugger's port",
                        "export JAVA_TOOL_OPTIONS=-agentlib:jdwp=transport=dt_socket,server=y,"
                                + "suspend=n,address=127.0.0.1:0"),
                Surroundings.of("odd variables", "export 'A=b c' \"B=$(printf 'a\\377b')\" _JAVA_OPTIONS=-Dx=y"));
    }

    private static List<Deed> deeds() {
        return List.of(
                new Deed("version", Main.class.getName(), List.of("version"), "heddle"),
                new Deed("help", Main.class.getName(), List.of("help", "fetch"), "Usage"),
                new Deed("ps", Main.class.getName(), List.of("ps", "--json"), ""),
                new Deed("refused fetch", Main.class.getName(), List.of("fetch", "http://127.0.0.1:1/"), "refused"),
                new Deed("nobody's tree", Main.class.getName(), List.of("tree", "5000000"), "-"),
                new Deed("task", Tasks.class.getName(), List.of(), "done"),
                new Deed("pool", Pool.class.getName(), List.of(), "done"),
                new Deed("shared objects", Shared.class.getName(), List.of(), "done"));
    }

    /** A run with a timer. */
    static final class Tasks {
        public static void main(String[] args) {
            Heddle.run(Heddle::checkpoint);
            System.out.println("done");
        }
    }

    /** A body in a child. */
    static final class Pool {
        public static void main(String[] args) {
            said(() -> {
                try (ProcessPool pool = ProcessPool.of(1)) {
                    pool.call(() -> 1);
                }
            });
        }
    }

    /** A manager, its queue, and shared memory. */
    static final class Shared {
        public static void main(String[] args) {
            said(() -> {
                try (Manager manager = Manager.open(); SharedLongs longs = SharedLongs.create(4)) {
                    SharedQueue<Integer> queue = manager.queue(2);
                    queue.put((int) longs.get(0));
                    queue.take();
                }
            });
        }
    }

    /** As a careful program would: a failure is a line. */
    private static void said(Runnable body) {
        try {
            body.run();
            System.out.println("done");
        } catch (RuntimeException e) {
            System.err.println("failed: " + e.getMessage());
            System.exit(1);
        }
    }

    /** What is wrong with a cell; empty if nothing is. */
    private String verdict(Surroundings around, Deed deed) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", around.shell + "\nexec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-XX:-UsePerfData",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED", "-Dheddle.jdk.warning=false"));
        command.addAll(around.jvmOptions);
        command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), deed.main));
        command.addAll(deed.words);
        File out = directory.resolve("out").toFile();
        File err = directory.resolve("err").toFile();
        Process process = new ProcessBuilder(command).directory(directory.toFile())
                .redirectOutput(out).redirectError(err).start();
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return "does not end";
        }
        String said = Files.readString(out.toPath(), UTF_8);
        List<String> told = Files.readAllLines(err.toPath(), UTF_8).stream()
                .filter(line -> !line.startsWith("Picked up ") && !line.startsWith("Listening for transport"))
                .toList();
        boolean isMute = around.shell.contains("2>&-") || around.shell.contains(">/dev/full");
        return judge(process.exitValue(), said, told, isMute ? "" : deed.expected, isMute);
    }

    private static String judge(int exit, String said, List<String> told, String expected, boolean isMute) {
        if (told.stream().anyMatch(line -> line.startsWith("\tat ") || line.startsWith("Exception in thread"))) {
            return "a stack: " + told.getFirst();
        }
        if (exit == 0) {
            return said.contains(expected) ? "" : "exit 0 without what was wanted: " + said;
        }
        List<String> why = told.isEmpty() ? said.lines().toList() : told; // the JVM itself tells on its output
        boolean isLine = !why.isEmpty() && why.size() <= 3 && why.stream().noneMatch(line -> line.contains("null"));
        return isLine || isMute || said.contains(expected) ? "" : "exit " + exit + " with " + told;
    }

    private static String absolute(String classPath) {
        return String.join(File.pathSeparator, List.of(classPath.split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString()).toList());
    }

    private void check(List<Surroundings> all, List<Deed> deeds) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Surroundings around : all) {
            wrong.addAll(wrong(around, deeds));
        }
        assertEquals(List.of(), wrong);
    }

    private List<String> wrong(Surroundings around, List<Deed> deeds) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Deed deed : deeds) {
            String verdict = verdict(around, deed);
            if (!verdict.isEmpty()) {
                wrong.add(around.name + ", " + deed.name + ": " + verdict.lines().limit(3).toList());
            }
        }
        return wrong;
    }

    @Test
    void taskRunsWithClosedInputAndALocaleThatIsNotThere() throws Exception {
        Deed task = deeds().get(5);
        check(surroundings().stream().filter(each -> each.name.matches("closed input|locale not installed")).toList(),
                List.of(task));
    }

    /** Each with two deeds, by turns. */
    @Tag("full")
    @Test
    void deedsWorkOrSayWhyNotInAllSurroundings() throws Exception {
        List<Deed> deeds = deeds();
        int turn = 0;
        List<String> wrong = new ArrayList<>();
        for (Surroundings around : surroundings()) {
            wrong.addAll(wrong(around, List.of(deeds.get(turn++ % deeds.size()), deeds.get(turn++ % deeds.size()))));
        }
        assertEquals(List.of(), wrong);
    }

    @Tag("night")
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void eachDeedWorksOrSaysWhyNotInAllSurroundings() throws Exception {
        check(surroundings(), deeds());
    }

    /** Each pair with one deed, by turns. */
    @Tag("night")
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void deedsWorkOrSayWhyNotInEachTwoSurroundingsAtOnce() throws Exception {
        List<Surroundings> all = surroundings();
        List<Deed> deeds = deeds();
        int turn = 0;
        List<String> wrong = new ArrayList<>();
        for (int i = 1; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                wrong.addAll(wrong(all.get(i).and(all.get(j)), List.of(deeds.get(turn++ % deeds.size()))));
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void stacksAndSilenceAreFound() {
        assertNotEquals("", judge(1, "", List.of("Exception in thread \"main\" x", "\tat y"), "done", false));
        assertNotEquals("", judge(1, "", List.of(), "done", false));
        assertNotEquals("", judge(1, "", List.of("failed: null"), "done", false));
        assertNotEquals("", judge(0, "", List.of(), "done", false));
        assertEquals("", judge(1, "", List.of("failed: the disk is full"), "done", false));
    }
}
