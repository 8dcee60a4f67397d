package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What Heddle does without being asked is what its page says. */
@Tag("full")
final class WhatItDoesTest {

    private static final Pattern PART = Pattern.compile("(?s)<dependency>(.*?)</dependency>");

    private static final Pattern NAMES = Pattern.compile("(?s)<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)<");

    @EnabledOnOs(OS.LINUX)
    @Timeout(60)
    @Test
    void serverListensOnItsPortAndWritesNothingButItsSocket(@TempDir Path directory) throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Path run = Files.createDirectory(
                directory.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<String> command = Program.command(QuietServer.class);
        command.add(1, "-Duser.home=" + home);
        command.add(1, "-Djava.io.tmpdir=" + temporary);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("HEDDLE_") || name.startsWith("XDG_"));
        builder.environment().putAll(Map.of("XDG_RUNTIME_DIR", run.toString()));
        Process process = builder.start();
        try {
            assertEquals("hello", process.inputReader().readLine());
            assertEquals(1, listening(process.pid()), "ports");
            while (!Files.exists(run.resolve("heddle/" + process.pid() + ".sock"))) {
                Thread.onSpinWait(); // another thread makes it, beside the first loop
            }
            assertEquals(List.of("heddle/" + process.pid() + ".sock"), files(run));
        } finally {
            process.outputWriter().close();
            assertEquals(0, process.waitFor());
        }
        assertEquals(List.of(), files(run));
        assertEquals(List.of(), files(temporary));
        assertTrue(
                files(home).stream().allMatch(file -> file.matches("\\.cache/heddle/jdk-[\\w.]+\\.told")),
                () -> "in the home: " + home);
    }

    /** Each part that comes along at run time stands there. */
    @Test
    void noticeNamesThePartsOfOthers() throws IOException {
        String notice = Documents.text("NOTICE");
        try (Stream<Path> modules = Files.walk(Documents.ROOT, 3)) {
            modules.filter(file -> file.toString().matches(".*/(kernel|web|beyond|sight)/[\\w-]+/pom.xml"))
                    .map(file -> Documents.text(Documents.ROOT.relativize(file).toString()))
                    .flatMap(pom -> PART.matcher(pom).results())
                    .map(part -> part.group(1))
                    .filter(part -> !part.matches("(?s).*<scope>(test|provided)</scope>.*"))
                    .flatMap(part -> NAMES.matcher(part).results().limit(1))
                    .filter(part -> !part.group(1).equals("dev.heddle"))
                    .forEach(part -> assertTrue(notice.contains(part.group(2)), part::group));
        }
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !Files.isDirectory(file)).map(file -> directory.relativize(file).toString())
                    .toList();
        }
    }

    /** How many sockets of a process wait for connections: state 0A of those whose inodes it has open. */
    private static long listening(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        List<String> open;
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            open = descriptors.map(WhatItDoesTest::target).toList();
        }
        return Stream.of("net/tcp", "net/tcp6").flatMap(table -> lines(process.resolve(table)))
                .map(line -> line.strip().split("\\s+"))
                .filter(line -> line[3].equals("0A") && open.contains("socket:[" + line[9] + "]"))
                .count();
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            return Stream.of();
        }
    }
}
