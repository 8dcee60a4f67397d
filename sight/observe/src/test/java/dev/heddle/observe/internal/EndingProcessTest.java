package dev.heddle.observe.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.Heddle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that ends when it would begin to be observed says nothing of it, and leaves no socket behind. Its end takes
 * seconds when the JVM makes an AOT cache then.
 */
@Tag("full")
final class EndingProcessTest {

    @TempDir
    private Path directory;

    @Test
    void observerThatComesTooLateIsSilent() throws Exception {
        Path sockets = Files.createDirectory(
                directory.resolve("sockets"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:AOTCacheOutput=" + directory.resolve("cache"),
                "-Xlog:aot=off",
                "-Xlog:cds=off",
                "-cp",
                jars(),
                Program.class.getName())).redirectErrorStream(true);
        builder.environment().remove("HEDDLE_OBSERVE");
        builder.environment().put("HEDDLE_OBSERVE_DIRECTORY", sockets.toString());
        Process process = builder.start();
        process.getOutputStream().close();

        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertFalse(output.contains("Exception"), output);
        try (Stream<Path> files = Files.list(sockets)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".sock")).toList());
        }
    }

    /** The class path in jars, since what is loaded from directories is in no cache. */
    private String jars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(part))) {
                jars.add(jar(Path.of(part), directory.resolve(jars.size() + ".jar")).toString());
            } else if (Files.exists(Path.of(part))) {
                jars.add(part);
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static Path jar(Path classes, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    /** Ends at once. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) {
            Heddle.run(() -> {});
        }
    }
}
