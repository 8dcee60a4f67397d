package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of our own, with its defaults, on a free loopback port. */
final class Postgres implements AutoCloseable {

    static final String USER = "postgres";
    static final String PASSWORD = "bench";
    static final String DATABASE = "postgres";

    static final Need INSTALLED = new Need("apt-get install postgresql", () -> programs().isPresent());

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final long LIMIT_SECONDS = 60;

    private final Path bin = programs().orElseThrow();
    private final Path directory;
    private final int port;

    private Postgres() throws IOException {
        port = Ports.free();
        directory = Files.createTempDirectory("heddle-postgres",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // The server refuses to run as root, and the directory is its user's then.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path secret = Files.writeString(directory.resolve("password"), PASSWORD);
        run("initdb", "-D", data(), "-A", "scram-sha-256", "--pwfile=" + secret, "-U", USER, "-E", "UTF8",
                "--locale=C.UTF-8", "-N");
        run("pg_ctl", "-D", data(), "-l", directory.resolve("log").toString(), "-w", "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + directory, "start");
    }

    /** Starts one, and returns when it can be reached. */
    static Postgres start() {
        try {
            return new Postgres();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the programs of the newest server that is installed are. */
    private static Optional<Path> programs() {
        try (Stream<Path> versions = Files.isDirectory(VERSIONS) ? Files.list(VERSIONS) : Stream.<Path>empty()) {
            return versions.filter(each -> Files.isExecutable(each.resolve("bin").resolve("initdb")))
                    .max(Comparator.comparingInt(each -> Integer.parseInt(each.getFileName().toString())))
                    .map(each -> each.resolve("bin"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    /** For JDBC, without user and password. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    /** For the rest of the world. */
    String uri() {
        return "postgres://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port + "/" + DATABASE;
    }

    /** What one of its programs says. */
    String run(String program, String... arguments) {
        List<String> command = new ArrayList<>(
                System.getProperty("user.name").equals("root") ? List.of("runuser", "-u", USER, "--") : List.of());
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            Path said = directory.resolve("said");
            var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectOutput(said.toFile());
            builder.environment().put("PGPASSWORD", PASSWORD);
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(command + ": " + Files.readString(said));
            }
            return Files.readString(said, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What pgbench says, of eight clients by two threads. */
    String bench(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-h", directory.toString(), "-p", "" + port, "-U", USER));
        all.addAll(List.of(arguments));
        all.add(DATABASE);
        return run("pgbench", all.toArray(String[]::new));
    }

    @Override
    public void close() {
        run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
