package dev.heddle.cluster.postgres;

import dev.heddle.conformance.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server on this machine, with a database "shop" and a user "heddle" who may make a schema in it.
 * Blocks.
 */
public final class RealPostgres implements AutoCloseable {

    /** Of both users, the superuser "postgres" and "heddle". */
    public static final String PASSWORD = "sesame";

    /** For tests in which no server ends: nothing waits for a disk. */
    static final String UNSYNCED = "-c fsync=off";

    private final Path bin;
    private final Path folder;
    private final int port = FreePorts.next();
    private final boolean isRoot = System.getProperty("user.name").equals("root");

    /** Starts it, with more options. The server refuses to run as root, and runs as postgres then. */
    public RealPostgres(Path folder, String... options) throws IOException {
        this(folder, programs());
        Path secret = Files.writeString(folder.resolve("password"), PASSWORD);
        run(bin.resolve("initdb").toString(), "-D", data(), "-A", "scram-sha-256", "--pwfile=" + secret, "-U",
                "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N");
        start(options);
        asOperator("postgres", "create role heddle login password '" + PASSWORD + "'", "create database shop",
                "grant create on database shop to heddle");
    }

    private RealPostgres(Path folder, Path bin) throws IOException {
        this.folder = folder;
        this.bin = bin;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** The programs of the newest server that is installed. */
    private static Path programs() {
        Path all = Path.of("/usr/lib/postgresql");
        try (Stream<Path> versions = Files.isDirectory(all) ? Files.list(all) : Stream.<Path>empty()) {
            return versions.filter(each -> Files.isExecutable(each.resolve("bin/initdb")))
                    .max(Comparator.comparingInt(each -> Integer.parseInt(each.getFileName().toString())))
                    .orElseThrow(() -> new AssertionError(
                            "PostgreSQL's server is not installed in " + all + " (Debian package postgresql)"))
                    .resolve("bin");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    public int port() {
        return port;
    }

    /** What a command is begun by, that is to run as the server's user. */
    List<String> asServer() {
        return isRoot ? List.of("runuser", "-u", "postgres", "--") : List.of();
    }

    /** The URL of the database for drivers. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/shop";
    }

    /** The store by another port. */
    PostgresStore storeAt(int other) {
        return PostgresStore.at("jdbc:postgresql://127.0.0.1:" + other + "/shop").withUser("heddle", PASSWORD);
    }

    PostgresDialect dialect() {
        return new PostgresDialect(url(), "heddle", PASSWORD, "heddle");
    }

    PostgresStore store() {
        return PostgresStore.at(url()).withUser("heddle", PASSWORD);
    }

    /** A standby, which this server then waits for with each commit. */
    public RealPostgres standby(Path folder) throws IOException {
        RealPostgres standby = new RealPostgres(folder, bin);
        standby.follow(this);
        return standby;
    }

    /** Begins anew as the standby of another, which then waits for it with each commit. */
    public void follow(RealPostgres primary) {
        run("rm", "-rf", data());
        run(bin.resolve("pg_basebackup").toString(), "-D", data(), "-R", "-c", "fast", "-d",
                "host=127.0.0.1 port=" + primary.port + " user=postgres password=" + PASSWORD
                        + " application_name=standby");
        start();
        primary.asOperator("postgres", "alter system set synchronous_standby_names = 'standby'",
                "select pg_reload_conf()");
    }

    /** Has commits wait for its own disk alone. */
    public void waitForNoStandby() {
        asOperator("postgres", "alter system reset synchronous_standby_names", "select pg_reload_conf()");
    }

    /** Makes a standby the server that takes changes. */
    public void promote() {
        run(bin.resolve("pg_ctl").toString(), "-D", data(), "-w", "promote");
    }

    /** Starts it, with more options; waits until it answers. */
    public void start(String... options) {
        run(bin.resolve("pg_ctl").toString(), "-D", data(), "-l", folder.resolve("log").toString(), "-w", "-t", "60",
                "-o", options(options), "start");
    }

    /** What it has written into its log. */
    Stream<String> log() {
        try {
            return Files.readAllLines(folder.resolve("log")).stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String options(String... more) {
        return "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder + " "
                + String.join(" ", more);
    }

    /** Ends it: smart, fast, immediate. */
    void stop(String mode) {
        run(bin.resolve("pg_ctl").toString(), "-D", data(), "-m", mode, "-w", "stop");
    }

    /** Kills all of its processes. */
    public void kill() {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
    }

    /** All of its processes, of which the first has started the others. */
    public List<ProcessHandle> processes() {
        ProcessHandle server = process().orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(server.children().toList());
        all.addFirst(server);
        return all;
    }

    private boolean isRunning() {
        return process().filter(ProcessHandle::isAlive).isPresent();
    }

    private Optional<ProcessHandle> process() {
        try {
            Path file = folder.resolve("data/postmaster.pid");
            return Files.exists(file)
                    ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Does something as a superuser. */
    public void asOperator(String database, String... statements) {
        try (Connection connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", PASSWORD);
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        // A killed server has left its file behind.
        if (isRunning()) {
            stop("immediate");
        }
    }

    /** Runs a program as the server's user. */
    private String run(String... command) {
        List<String> all = new ArrayList<>(asServer());
        all.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(90, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", all) + ": " + said);
            }
            return said;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
