package dev.heddle.quic.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that the property names: the class is loaded anew for each. */
final class QuicheLibraryTest {

    @TempDir
    private Path directory;

    private static final String ARTIFACTS_OWN = QuicheLibrary.resource(
            System.getProperty("os.name"), System.getProperty("os.arch"));

    private static Optional<?> whyNot(Path file) throws Exception {
        String before = System.setProperty(QuicheLibrary.FILE, file.toString());
        try {
            return whyNotNow();
        } finally {
            if (before == null) {
                System.clearProperty(QuicheLibrary.FILE);
            } else {
                System.setProperty(QuicheLibrary.FILE, before);
            }
        }
    }

    private static Optional<?> whyNotNow(URL... more) throws Exception {
        URL here = QuicheLibrary.class.getProtectionDomain().getCodeSource().getLocation();
        URL[] all = Stream.concat(Stream.of(here), Stream.of(more)).toArray(URL[]::new);
        try (var loader = new URLClassLoader(all, ClassLoader.getPlatformClassLoader())) {
            Class<?> own = loader.loadClass(QuicheLibrary.class.getName());
            return (Optional<?>) own.getMethod("whyNot").invoke(null);
        }
    }

    private static void assertRefused(Path file, String why) throws Exception {
        String told = whyNot(file).orElseThrow().toString();
        assertTrue(told.contains(why), told);
    }

    /** The artifact's library, with another version in it. */
    private Path library(String version) throws IOException {
        try (InputStream in = QuicheLibrary.class.getClassLoader().getResourceAsStream(ARTIFACTS_OWN)) {
            String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return Files.write(directory.resolve("library-" + version),
                    bytes.replace(QuicheLibrary.ARTIFACT, version).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** The first to need it may be a task that is cancelled meanwhile: all others need it too. */
    @Test
    void interruptDoesNotKeepItOutForEver() throws Exception {
        URL artifact = QuicheLibrary.class.getClassLoader().getResource(ARTIFACTS_OWN);
        String before = System.clearProperty(QuicheLibrary.FILE);
        Thread.currentThread().interrupt();
        try {
            assertEquals(Optional.empty(), whyNotNow(((JarURLConnection) artifact.openConnection()).getJarFileURL()));
        } finally {
            assertTrue(Thread.interrupted());
            if (before != null) {
                System.setProperty(QuicheLibrary.FILE, before);
            }
        }
    }

    @Test
    void artifactsOwnInAFileIsTaken() throws Exception {
        assertEquals(Optional.empty(), whyNot(library(QuicheLibrary.ARTIFACT)));
    }

    @Test
    void versionThatIsNotKnownIsRefused() throws Exception {
        assertRefused(library("0.24.6"), "quiche 0.24.6 and has to be 0.24.5, 0.24.9 or 0.29.3");
    }

    @Test
    void fileThatIsMissingIsNamed() throws Exception {
        Path missing = directory.resolve("missing.so");
        assertRefused(missing, missing.toString());
    }

    @Test
    void libraryOfSomethingElseIsRefused() throws Exception {
        Path other = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("java"));
        assertRefused(other, "it does not tell its version");
    }
}
