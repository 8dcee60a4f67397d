package dev.heddle.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.command.Exit;
import dev.heddle.engine.Engines;
import dev.heddle.internal.JdkHook;
import dev.heddle.internal.JdkWarning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code heddle doctor} on the machine of the tests, and in JVMs that lack flags or a hook. */
final class DoctorCommandTest {

    private static final int EXIT = JdkWarning.isUnsound(Runtime.version()) ? Exit.NOT_ALL : Exit.FINE;

    @TempDir
    Path directory;

    @Test
    void everythingIsLookedAtInEightyColumns() {
        CommandLine run = CommandLine.run("doctor");

        assertEquals(EXIT, run.exit(), run.out());
        assertEquals("", run.err());
        for (String area : List.of("JDK", "flags", "hook", "collector", "objects", "start", "engine", "loop",
                "resolver",
                "TLS", "processors", "memory", "descriptors", "clock")) {
            assertTrue(run.lines().stream().anyMatch(line -> line.matches("(ok|hint|wrong) +" + area + " .*")), area);
        }
        assertTrue(run.lines().stream().allMatch(line -> line.length() <= 80), run.out());
        assertTrue(run.out().contains("ok     loop         a task ran on " + Engines.chosen()), run.out());
        assertTrue(run.out().contains("ok     hook         " + JdkHook.LOOPS.title() + ": there"), run.out());
    }

    @Test
    void programsReadAJsonObjectALine() {
        CommandLine run = CommandLine.run("doctor", "--json");

        assertEquals(EXIT, run.exit(), run.out());
        assertTrue(run.lines().size() > JdkHook.values().length, run.out());
        assertTrue(run.lines().stream().allMatch(line -> line.startsWith("{\"kind\":\"finding\",\"area\":\"")),
                run.out());
    }

    @Test
    void argumentIsWrongUsage() {
        assertEquals(Exit.USAGE, CommandLine.run("doctor", "me").exit());
    }

    private CommandLine launch(List<String> options, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile())
                .redirectError(directory.resolve("err").toFile()).start();
        int exit = process.waitFor();
        return new CommandLine(exit, Files.readString(out), Files.readString(directory.resolve("err")));
    }

    @Test
    @Tag("full")
    void jvmWithoutFlagsIsToldWhichAndThatNoLoopBegins() throws Exception {
        CommandLine run = launch(List.of(), "doctor");

        assertEquals(Exit.NOT_ALL, run.exit(), run.err());
        assertTrue(run.out().contains("wrong  flags        no loop can begin"), run.out());
        assertTrue(run.out().contains("-> add to the java command: --add-opens"), run.out());
        assertTrue(run.lines().stream().noneMatch(line -> line.matches("\\w+ +(hook|loop) .*")), run.out());
    }

    /** Where a class of the JDK calls a method by another name. */
    private CommandLine launchWithout(String type, String method, String... words) throws Exception {
        Path patch = PatchedJdk.without(directory.resolve("patch"), type, method);
        return launch(List.of("--patch-module=java.base=" + patch, "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"), words);
    }

    @Test
    @Tag("full")
    void jdkWithoutAHookIsToldTheMemberAndGoesOn() throws Exception {
        CommandLine run = launchWithout("jdk.internal.vm.ThreadSnapshot", "ownedMonitorsAt", "doctor", "--json");

        assertEquals(EXIT, run.exit(), run.out() + run.err());
        assertTrue(run.out().contains("\"verdict\":\"hint\",\"text\":\"this JDK does not have"
                + " jdk.internal.vm.ThreadSnapshot.ownedMonitorsAt(int): reports"), run.out());
        assertTrue(run.out().contains("a task ran on"), run.out());
    }

    @Test
    @Tag("full")
    void jdkWithoutTheHookOfLoopsEndsAStartWithOneSentence() throws Exception {
        String member = "java.lang.ThreadBuilders.newVirtualThread(Executor, String, int, Runnable)";
        CommandLine run = launchWithout("java.lang.ThreadBuilders", "newVirtualThread", "doctor", "--json");

        assertEquals(Exit.NOT_ALL, run.exit(), run.out() + run.err());
        assertTrue(run.out().contains("\"text\":\"this JDK does not have " + member + ": no loop can begin\""),
                run.out());
        assertTrue(run.out().contains("Heddle cannot run its loops on JDK " + Runtime.version()
                + ", which does not have " + member + ". Run with JDK 25"), run.out());
        assertFalse(run.out().contains("--add-opens"), run.out());
    }
}
