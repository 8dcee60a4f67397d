package dev.heddle.cluster.storm;

import dev.heddle.cluster.postgres.RealPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two servers of PostgreSQL, one of which is the standby that the other waits for with each commit. */
final class Databases implements Servers {

    private final List<Path> folders = new ArrayList<>();
    private final List<RealPostgres> servers = new ArrayList<>();
    private final Path logs;
    private int primary;

    /** @param logs where the servers' logs are left */
    Databases(Path logs) throws IOException {
        this.logs = logs;
        boolean done = false;
        try {
            servers.add(new RealPostgres(folder()));
            servers.add(servers.getFirst().standby(folder()));
            done = true;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** The servers' own user reaches no folder of a test. */
    private Path folder() throws IOException {
        folders.add(Files.createTempDirectory("heddle-storm"));
        return folders.getLast();
    }

    /** What JDBC has for both, by other ports. */
    static String url(int one, int two) {
        return "jdbc:postgresql://127.0.0.1:" + one + ",127.0.0.1:" + two + "/shop?targetServerType=primary";
    }

    @Override
    public int count() {
        return servers.size();
    }

    /** Each commit waits for both. */
    @Override
    public boolean outliveOne() {
        return false;
    }

    @Override
    public int client(int server) {
        return servers.get(server).port();
    }

    @Override
    public List<ProcessHandle> processes(int server) {
        return servers.get(server).processes();
    }

    @Override
    public void kill(int server) {
        servers.get(server).kill();
    }

    @Override
    public void restart(int server) {
        servers.get(server).start();
    }

    /** Kills the server that takes changes, and has the other take them alone. */
    void failOver() {
        servers.get(primary).kill();
        primary = 1 - primary;
        RealPostgres next = servers.get(primary);
        next.promote();
        next.waitForNoStandby();
    }

    /** Makes the server that was killed the standby of the other. */
    void comeBack() {
        servers.get(1 - primary).follow(servers.get(primary));
    }

    @Override
    public void close() {
        servers.forEach(RealPostgres::close);
        for (int i = 0; i < folders.size(); i++) {
            move(folders.get(i), logs.resolve("server-" + i + ".log"));
        }
    }

    private static void move(Path folder, Path log) {
        try {
            Files.copy(folder.resolve("log"), log);
            Signals.run("rm", "-r", folder.toString());
        } catch (IOException e) {
            System.err.println(folder + " stays: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
