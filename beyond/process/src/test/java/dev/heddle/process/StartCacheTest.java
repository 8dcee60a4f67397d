package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.io.LimitExceededException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache with which children start faster. It needs jars, so a program in jars is run as its users would. */
@Tag("full")
final class StartCacheTest {

    @TempDir
    Path directory;

    /** A program with a pool of one. Prints what its worker says of itself, or with which cache it was started. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            var options = ProcessPoolOptions.DEFAULT.withWorkers(1).withJvmArguments(arguments);
            try (ProcessPool pool = ProcessPool.of(options)) {
                System.out.println("result " + pool.call(() -> "of " + 1));
                System.out.println("cached " + ProcessHandle.current().children()
                        .filter(child -> child.info().commandLine().orElse("").contains(WorkerMain.class.getName()))
                        .anyMatch(child -> child.info().commandLine().orElse("").contains("-XX:AOTCache=")));
            }
        }
    }

    // ---- jars ----

    private String classPath() throws IOException {
        List<String> paths = new ArrayList<>();
        paths.add(jar("heddle-process.jar", WorkerMain.class));
        paths.add(jar("heddle-core.jar", Heddle.class));
        paths.add(jar("heddle-net.jar", LimitExceededException.class));
        paths.add(jar("program.jar", StartCacheTest.class));
        return String.join(File.pathSeparator, paths.stream().distinct().toList());
    }

    /** The jar in which a class is, packed if it is in a directory. */
    private String jar(String name, Class<?> type) throws IOException {
        Path source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        if (Files.isRegularFile(source)) {
            return source.toString();
        }
        Path jar = directory.resolve(name);
        if (!Files.exists(jar)) {
            try (OutputStream file = Files.newOutputStream(jar);
                    JarOutputStream out = new JarOutputStream(file);
                    Stream<Path> files = Files.walk(source)) {
                for (Path each : files.filter(Files::isRegularFile).toList()) {
                    out.putNextEntry(new ZipEntry(source.relativize(each).toString()));
                    Files.copy(each, out);
                }
            }
        }
        return jar.toString();
    }

    private List<String> run(Path cache, String... childArguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(JavaCommand.start(List.of("-XX:TieredStopAtLevel=1")));
        command.addAll(List.of("-D" + StartCache.PROPERTY + "=" + cache, "--class-path", classPath(),
                Program.class.getName()));
        command.addAll(List.of(childArguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            return output.lines().toList();
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<Path> caches(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }

    private static Path await(Path cache) throws IOException, InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (caches(cache).isEmpty() && System.nanoTime() < limit) {
            Thread.sleep(50);
        }
        return caches(cache).getFirst();
    }

    // ---- the whole ----

    @Test
    void itIsMadeAtTheFirstStartUsedByTheNextAndIgnoredIfItIsBroken() throws Exception {
        Path cache = directory.resolve("cache");
        assertEquals(List.of("result of 1", "cached false"), run(cache));
        Path file = await(cache);
        assertTrue(Files.size(file) > 1_000_000, "the cache has " + Files.size(file) + " bytes");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)));
        assertEquals(List.of("result of 1", "cached true"), run(cache));

        byte[] sound = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(sound, sound.length / 2));
        assertEquals(List.of("result of 1", "cached true"), run(cache));
        Files.writeString(file, "this is no cache");
        assertEquals(List.of("result of 1", "cached true"), run(cache));
        Files.write(file, new byte[0]);
        assertEquals(List.of("result of 1", "cached false"), run(cache));

        Arrays.fill(sound, sound.length / 2, sound.length, (byte) 0);
        Files.write(file, sound);
        List<String> lines = run(cache);
        assertTrue(lines.containsAll(List.of("result of 1", "cached false")), lines.toString());
        assertFalse(Arrays.equals(sound, Files.exists(file) ? Files.readAllBytes(file) : new byte[0]));
    }

    @Test
    void directoryThatOthersMayWriteIsNotUsed() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(List.of("result of 1", "cached false"), run(open));
        assertEquals(List.of(), caches(open));
        Path link = Files.createSymbolicLink(
                directory.resolve("link"),
                Files.createDirectory(
                        directory.resolve("private"),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        assertEquals(List.of("result of 1", "cached false"), run(link));
        assertEquals(List.of(), caches(link));
    }

    @Test
    void directoryThatOthersMayReplaceIsNotUsed() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open-above"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path cache = Files.createDirectory(
                open.resolve("cache"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertEquals(List.of("result of 1", "cached false"), run(cache));
        assertEquals(List.of(), caches(cache));
        Path link = Files.createSymbolicLink(directory.resolve("link-above"), open);
        assertEquals(List.of("result of 1", "cached false"), run(link.resolve("cache")));
        assertEquals(List.of(), caches(cache));
    }

    @Test
    void itCanBeSwitchedOffAndArgumentsOfTheUserComeFirst() throws Exception {
        assertEquals(List.of("result of 1", "cached false"), run(Path.of("off")));
        assertFalse(Files.exists(Path.of("off")));
        Path cache = directory.resolve("cache");
        assertEquals(List.of("result of 1", "cached false"), run(cache, "-Xshare:auto"));
        assertFalse(Files.exists(cache));
    }

    @Test
    void fileOfAClockThatWasAheadIsAnOldOne(@TempDir Path folder) throws Exception {
        Path mark = Files.createFile(folder.resolve("mark"));
        assertFalse(StartCache.isOlder(mark, Duration.ofMinutes(1)));
        Files.setLastModifiedTime(mark, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        assertTrue(StartCache.isOlder(mark, Duration.ofMinutes(1)));
    }

    @Test
    void cachesOfOthersBesideItAreLeftAlone(@TempDir Path folder) throws Exception {
        Path other = Files.createDirectory(folder.resolve("scripts"));
        Files.createFile(other.resolve("one"));
        Path left = Files.createFile(folder.resolve("left"));
        for (Path each : List.of(other, left)) {
            Files.setLastModifiedTime(each, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        }
        StartCacheMain.purge(folder);
        assertTrue(Files.exists(other.resolve("one")));
        assertFalse(Files.exists(left));
    }

    @Test
    void thereIsNoneForClassesInDirectories() {
        Path here = Path.of(WorkerMain.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        if (Files.isDirectory(here)) {
            assertNull(StartCache.of(List.of()));
        }
    }
}
