package dev.heddle.cluster.storm;

import java.io.IOException;
import java.util.List;

/**
 * Four machines at one switch, as namespaces of the kernel's network that this machine's own knows nothing of: a cable
 * that is pulled loses what is on its way, and tells nobody.
 */
final class Cables implements AutoCloseable {

    private static final String SET_UP = """
            set -e
            mount -t tmpfs none /run
            ip link set lo up
            ip link add switch type bridge
            ip link set switch up
            for i in 1 2 3 4; do
              ip netns add n$i
              ip link add cable$i type veth peer name eth0 netns n$i
              ip link set cable$i master switch up
              ip -n n$i address add 10.77.0.$i/24 dev eth0
              ip -n n$i link set eth0 up
              ip -n n$i link set lo up
            done
            echo ready
            exec cat
            """;

    private final Process holder;

    private Cables(Process holder) {
        this.holder = holder;
    }

    /** Lays them; fails where the kernel does not let this user. */
    static Cables lay() throws IOException {
        Process holder = new ProcessBuilder("unshare", "-rnm", "sh", "-c", SET_UP).redirectErrorStream(true).start();
        String said = holder.inputReader().readLine();
        if (!"ready".equals(said)) {
            holder.destroyForcibly();
            throw new IOException("no namespaces of the network: " + said);
        }
        return new Cables(holder);
    }

    static boolean canBeLaid() {
        try (Cables _ = lay()) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static String host(int machine) {
        return "10.77.0." + machine;
    }

    /** What a command is started by, that is to run on a machine. */
    List<String> on(int machine) {
        return List.of(
                "nsenter", "-t", Long.toString(holder.pid()), "-U", "-n", "-m", "--preserve-credentials", "ip",
                "netns", "exec", "n" + machine);
    }

    void pull(int machine) throws IOException, InterruptedException {
        set(machine, "down");
    }

    void plug(int machine) throws IOException, InterruptedException {
        set(machine, "up");
    }

    private void set(int machine, String state) throws IOException, InterruptedException {
        Signals.run(
                "nsenter", "-t", Long.toString(holder.pid()), "-U", "-n", "-m", "--preserve-credentials", "ip", "link",
                "set", "cable" + machine, state);
    }

    @Override
    public void close() {
        holder.destroyForcibly().onExit().join();
    }
}
