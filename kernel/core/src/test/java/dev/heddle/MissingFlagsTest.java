package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without the flags that Heddle needs, the JVM says at once which. */
final class MissingFlagsTest {

    private static final String LINE = "Add to the java command: --add-opens java.base/java.lang=ALL-UNNAMED"
            + " --add-exports java.base/jdk.internal.vm=ALL-UNNAMED --enable-native-access=ALL-UNNAMED";

    @Test
    void withoutTheFlagsRunFailsAtOnceWithTheLineToAdd() throws Exception {
        assertTellsTheLine(List.of());
    }

    @Test
    void oneFlagAloneIsNotEnough() throws Exception {
        assertTellsTheLine(List.of(ChildJvm.OPEN_LANG));
        assertTellsTheLine(List.of(ChildJvm.EXPORT_VM));
    }

    @Test
    void withTheFlagsItRuns() throws Exception {
        try (ChildJvm child = ChildJvm.start(Program.class)) {
            assertEquals("ran\n", child.rest());
            assertEquals(0, child.exitCode());
        }
    }

    /** The class of the program is in a package of Heddle's, so it is a patch of that module. */
    @Test
    @Tag("full")
    void onTheModulePathTheModuleIsNamed(@TempDir Path directory) throws Exception {
        Path core = jar(directory.resolve("core.jar"), Heddle.class, "Automatic-Module-Name: dev.heddle.core\n");
        String output = outputOf("--module-path=" + core,
                "--patch-module=dev.heddle.core=" + ChildJvm.placeOf(Program.class),
                "--module=dev.heddle.core/" + Program.class.getName());
        assertTrue(output.contains("--add-opens java.base/java.lang=dev.heddle.core"
                + " --add-exports java.base/jdk.internal.vm=dev.heddle.core"
                + " --enable-native-access=dev.heddle.core ("), output);
    }

    @Test
    @Tag("full")
    void jarWithoutTheLinesInItsManifestTellsThem(@TempDir Path directory) throws Exception {
        String main = "Main-Class: " + Program.class.getName() + "\nClass-Path: core.jar\n";
        jar(directory.resolve("core.jar"), Heddle.class, "");
        Path without = jar(directory.resolve("without.jar"), Program.class, main);
        String output = outputOf("-jar", without.toString());
        assertTrue(output.contains(LINE), output);
        Path with = jar(directory.resolve("with.jar"), Program.class,
                main + "Add-Opens: java.base/java.lang\nAdd-Exports: java.base/jdk.internal.vm\n");
        assertEquals("ran\n", outputOf("-jar", with.toString()));
    }

    @Test
    void loopBesideOtherThingsTellsTheLine() throws Exception {
        try (ChildJvm child = ChildJvm.start(Embedding.class, List.of())) {
            String output = child.rest();
            assertTrue(output.contains(LINE), output);
        }
    }

    /** A jar of the directory of classes that has this one. */
    private static Path jar(Path jar, Class<?> one, String manifest) throws Exception {
        Path lines = Files.writeString(jar.resolveSibling(jar.getFileName() + ".mf"), manifest);
        int exit = ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--file",
                jar.toString(), "--manifest", lines.toString(), "-C", ChildJvm.placeOf(one), ".");
        assertEquals(0, exit);
        return jar;
    }

    private static String outputOf(String... arguments) throws Exception {
        try (ChildJvm child = ChildJvm.run(List.of(arguments))) {
            return child.rest();
        }
    }

    private static void assertTellsTheLine(List<String> flags) throws Exception {
        try (ChildJvm child = ChildJvm.start(Program.class, flags)) {
            String output = child.rest();
            assertTrue(output.contains(LINE), output);
            assertTrue(output.contains("IllegalStateException"), output);
            assertEquals(1, child.exitCode());
        }
    }

    /** A program that has a loop of its own beside other things, as an application server has. */
    static final class Embedding {
        public static void main(String[] args) {
            Loop.start(Config.DEFAULT).close();
        }
    }

    static final class Program {
        public static void main(String[] args) {
            Heddle.run(() -> System.out.println("ran"));
        }
    }
}
