package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The network of a benchmark loses what it is told to lose, and nothing before and after. */
final class LossyNetworkTest {

    private static final int DATAGRAMS = 200;

    /** The program that runs in it: it sends itself datagrams and says how many were lost. */
    static final class Probe {

        private Probe() {}

        public static void main(String[] args) throws IOException {
            for (String percent : args) {
                LossyNetwork.lose(Integer.parseInt(percent));
                System.out.println(lost());
            }
        }

        /** Returns when each has come or is lost. */
        private static long lost() throws IOException {
            try (DatagramChannel socket = DatagramChannel.open()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
                for (int i = 0; i < DATAGRAMS; i++) {
                    socket.send(ByteBuffer.allocate(1), socket.getLocalAddress());
                }
                int come = 0;
                while (come + LossyNetwork.lost() < DATAGRAMS) {
                    while (socket.receive(ByteBuffer.allocate(1)) != null) {
                        come++;
                    }
                }
                return LossyNetwork.lost();
            }
        }
    }

    @Test
    void losesAboutAsManyAsItIsTold() throws IOException {
        assumeTrue(LossyNetwork.NEED.isThere().getAsBoolean());
        List<String> command = Stream.concat(
                LossyNetwork.LAUNCHER.stream(), Peer.java(List.of(), Probe.class, "0", "50", "0").stream()).toList();
        Process probe = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader said = probe.inputReader()) {
            assertEquals("0", said.readLine());
            int half = Integer.parseInt(said.readLine());
            assertTrue(half > DATAGRAMS / 5 && half < DATAGRAMS * 4 / 5, () -> half + " were lost");
            assertEquals("0", said.readLine());
        } finally {
            probe.destroy();
        }
    }
}
