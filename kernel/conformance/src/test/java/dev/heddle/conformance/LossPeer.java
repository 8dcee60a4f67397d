package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of others that end, break and leave connections as they are told; see their sources. */
enum LossPeer {
    /** Over TCP, Unix sockets and TLS. */
    PYTHON {
        @Override
        List<String> command(Path directory) throws Exception {
            return List.of(Program.find("python3"), source(directory, "peer.py").toString());
        }
    },
    /** Over TCP and Unix sockets. */
    C {
        @Override
        List<String> command(Path directory) throws Exception {
            Path program = directory.resolve("peer");
            int exit = new ProcessBuilder(
                    Program.find("gcc"), "-std=gnu11", "-O2", "-o", program.toString(),
                    source(directory, "peer.c").toString()).inheritIO().start().waitFor();
            assertEquals(0, exit, "gcc");
            return List.of(program.toString());
        }
    };

    /** How it is started; its files go into a directory. */
    abstract List<String> command(Path directory) throws Exception;

    private static Path source(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream source = LossPeer.class.getResourceAsStream("/peers/" + name)) {
            Files.copy(source, file);
        }
        return file;
    }
}
