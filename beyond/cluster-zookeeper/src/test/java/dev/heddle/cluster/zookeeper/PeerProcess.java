package dev.heddle.cluster.zookeeper;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link PeerProgram} and the pipe to it. */
final class PeerProcess implements AutoCloseable {

    private final ZooKeeperPeer self;
    private final Process process;
    private final BufferedReader output;

    PeerProcess(String verb, Path directory, PemFiles tls, ZooKeeperPeer self, ZooKeeperPeer... others)
            throws IOException {
        this(List.of(), verb, directory, tls, self, others);
    }

    /**
     * @param before what the JVM is started by
     */
    PeerProcess(
            List<String> before, String verb, Path directory, PemFiles tls, ZooKeeperPeer self, ZooKeeperPeer... others)
            throws IOException {
        this.self = self;
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PeerProgram.class.getName(),
                verb,
                directory.toString(),
                tls == null ? "-" : tls.identity().toString(),
                tls == null ? "-" : tls.trust().toString(),
                self.line()));
        Arrays.stream(others).map(ZooKeeperPeer::line).forEach(command::add);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader();
    }

    ZooKeeperPeer self() {
        return self;
    }

    /** Waits for the first line. */
    String awaitFirst() throws IOException {
        return output.readLine();
    }

    String ask(String line) throws IOException {
        process.getOutputStream().write((line + '\n').getBytes());
        process.getOutputStream().flush();
        return output.readLine();
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        if (process.onExit().completeOnTimeout(null, 10, TimeUnit.SECONDS).join() == null) {
            process.destroyForcibly();
        }
    }
}
