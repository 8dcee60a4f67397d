package dev.heddle.cluster.postgres;

import dev.heddle.conformance.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** PgBouncer in front of a server: a pool of connections that others lend out. Blocks. */
final class PgBouncer implements AutoCloseable {

    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final int port = FreePorts.next();
    private final Process process;

    /**
     * Starts it.
     *
     * @param mode for what a connection is lent: {@code session} or {@code transaction}
     */
    PgBouncer(Path folder, RealPostgres server, String mode) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path users = Files.writeString(folder.resolve("users"), "\"heddle\" \"sesame\"\n");
        Path configuration = Files.writeString(folder.resolve("pgbouncer.ini"), """
                [databases]
                shop = host=127.0.0.1 port=%d dbname=shop
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %s
                pool_mode = %s
                default_pool_size = 8
                server_round_robin = 1
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.port(), port, users, mode));
        List<String> command = new ArrayList<>(server.asServer());
        command.addAll(List.of("/usr/sbin/pgbouncer", configuration.toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()).start();
        await(folder);
    }

    private void await(Path folder) throws IOException {
        for (long end = System.nanoTime() + PATIENCE_NANOS;;) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IOException("pgbouncer (Debian package pgbouncer) does not start: "
                            + Files.readString(folder.resolve("log")), e);
                }
                Thread.onSpinWait();
            }
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().join();
    }
}
