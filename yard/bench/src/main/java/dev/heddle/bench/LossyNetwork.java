package dev.heddle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network of a process's own, a loopback whose kernel drops some of the packets that arrive, at random: TCP's and UDP's
 * alike. Packets have a network card's 1,500 bytes and leave one by one, so that a loss is of one and not of a run. It
 * takes no rights on the machine. See unshare(1), ethtool(8), nft(8).
 */
final class LossyNetwork {

    /** The command that runs another one in such a network, without a loss yet. */
    static final List<String> LAUNCHER = List.of("unshare", "--net", "--map-root-user", "sh", "-c",
            """
                    PATH=$PATH:/usr/sbin:/sbin
                    ip link set lo mtu 1500 up &&
                    ethtool -K lo tso off gso off gro off tx-udp-segmentation off &&
                    nft 'add table inet path; add chain inet path in { type filter hook input priority 0; }' &&
                    exec "$@\"""",
            "sh");

    static final Need NEED = new Need("apt-get install nftables ethtool iproute2, and the right to make namespaces",
            LossyNetwork::isThere);

    private static final Pattern DROPPED = Pattern.compile("counter packets (\\d+)");

    private LossyNetwork() {}

    private static boolean isThere() {
        try {
            List<String> nothing = Stream.concat(LAUNCHER.stream(), Stream.of("true")).toList();
            return new ProcessBuilder(nothing)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Loses so many packets in a hundred from now on, in each direction. For a process that {@link #LAUNCHER} has started.
     *
     * @throws IllegalStateException if the system refuses
     */
    static void lose(int percent) {
        nft("flush chain inet path in" + (percent == 0
                ? ""
                : "; add rule inet path in meta l4proto { tcp, udp } numgen random mod 100 < " + percent
                        + " counter drop"));
    }

    /** How many packets were lost since {@link #lose} was called. */
    static long lost() {
        Matcher found = DROPPED.matcher(nft("list chain inet path in"));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static String nft(String rules) {
        try {
            Process nft = new ProcessBuilder(Need.find("nft").orElseThrow().toString(), rules)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (nft.waitFor() != 0) {
                throw new IllegalStateException("nft refuses: " + said);
            }
            return said;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("nft cannot be run", e);
        }
    }
}
