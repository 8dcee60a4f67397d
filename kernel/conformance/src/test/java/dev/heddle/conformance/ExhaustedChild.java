package dev.heddle.conformance;

import dev.heddle.Backoff;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * An echo server in a process with few descriptors. It prints its port, and what it reports while it serves, such as
 * {@code cannot accept}.
 */
final class ExhaustedChild {

    private ExhaustedChild() {}

    /** The engine's name. */
    public static void main(String[] args) throws Exception {
        loadAll();
        Heddle.run(Config.DEFAULT.withEngine(Engines.named(args[0])), () -> {
            Listener listener = Tcp.listen(0);
            System.out.println(listener.port());
            listener.serve(
                    ServeOptions.DEFAULT
                            .withBackoff(new Backoff(Duration.ofMillis(20), Duration.ofMillis(20), 0))
                            .withOnFailure((what, failure) -> System.out.println(what)),
                    ExhaustedChild::echo);
        });
    }

    private static void echo(ByteStream stream) {
        byte[] buffer = new byte[100];
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            stream.write(buffer, 0, count);
        }
    }

    /** A class cannot be loaded from a directory when no descriptors are left. */
    static void loadAll() throws Exception {
        loadAll(ExhaustedChild.class);
        loadAll(FaultProxy.class);
        loadAll(ByteStream.class);
        loadAll(Heddle.class);
        loadAll(Class.forName("dev.heddle.linux.EpollEngine"));
    }

    private static void loadAll(Class<?> of) throws IOException, URISyntaxException {
        Path place = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
            loadBelow(place);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                loadBelow(jar.getPath("/"));
            }
        }
    }

    private static void loadBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .forEach(ExhaustedChild::load);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void load(String name) {
        try {
            Class.forName(
                    name.substring(0, name.length() - ".class".length()).replace('/', '.'),
                    false,
                    ExhaustedChild.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // A test that needs JUnit, which is not here.
        }
    }
}
