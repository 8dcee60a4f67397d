package dev.heddle.cli.node;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.UsageException;
import dev.heddle.tls.TlsAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code heddle node init}: makes the directories of a cluster's nodes, or of some more. The directory that holds them
 * keeps the authority, and who there is:
 *
 * <pre>
 *   authority.pem   the key and the certificate of the authority; leave it where no node runs
 *   nodes           the cluster's name, then a node a line, in the order of their numbers
 *   NAME/           the directory of a node, see {@link NodeFiles}
 * </pre>
 */
final class NodeInit {

    private static final String AUTHORITY = "authority.pem";

    private static final String NODES = "nodes";

    private static final int DEFAULT_DAYS = 365;

    private static final int MAX_DAYS = 3650;

    private static final Arguments.Syntax SYNTAX = Arguments.syntax().option("--cluster").option("--days");

    private NodeInit() {}

    /** Makes them, and tells what to do with them. */
    static void run(List<String> words, CommandStreams stdio) throws IOException {
        Arguments arguments = SYNTAX.parse(words);
        if (arguments.rest().size() < 2) {
            throw new UsageException("init needs a directory, and nodes as NAME=HOST:PORT");
        }
        Path home = StoreAddress.directory("init", arguments.rest().getFirst());
        int days = arguments.number("--days", DEFAULT_DAYS, 1, MAX_DAYS);
        List<String> known = known(home);
        Path last = home.toAbsolutePath().normalize().getFileName();
        String fallback = known.isEmpty() ? String.valueOf(last) : known.getFirst();
        String cluster = NodeAddress.requireName("--cluster", arguments.value("--cluster").orElse(fallback));
        if (!known.isEmpty() && !cluster.equals(known.getFirst())) {
            throw new FailureException(home + " is that of the cluster " + known.getFirst() + ", not of " + cluster);
        }
        List<NodeAddress> before = new ArrayList<>();
        for (String line : known.subList(Math.min(1, known.size()), known.size())) {
            before.add(NodeAddress.parse(before.size() + 1, line));
        }
        List<NodeAddress> all = new ArrayList<>(before);
        for (String word : arguments.rest().subList(1, arguments.rest().size())) {
            all.add(NodeAddress.parse(all.size() + 1, word));
        }
        requireDifferent(all);
        List<NodeAddress> fresh = all.subList(before.size(), all.size());
        make(home, cluster, all, fresh, before.isEmpty(), Duration.ofDays(days));
        stdio.tell(told(home, fresh, before.isEmpty()));
    }

    private static List<String> known(Path home) throws IOException {
        Path file = home.resolve(NODES);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static void requireDifferent(List<NodeAddress> nodes) {
        Set<String> taken = new HashSet<>(Set.of(AUTHORITY, NODES));
        for (NodeAddress node : nodes) {
            if (!taken.add(node.name())) {
                throw new UsageException("the name " + node.name()
                        + " is taken; a node that is gone for good leaves its name to nobody");
            }
            for (int port = node.port(); port < node.port() + 3; port++) {
                if (!taken.add(node.host() + ':' + port)) {
                    throw new UsageException(node + " takes three ports in a row, of which " + port
                            + " is another node's");
                }
            }
        }
    }

    private static void make(
            Path home, String cluster, List<NodeAddress> all, List<NodeAddress> fresh, boolean founders,
            Duration valid) throws IOException {
        Files.createDirectories(home);
        TlsAuthority authority = NodeCertificates.authority(home.resolve(AUTHORITY), cluster);
        for (NodeAddress node : fresh) {
            List<NodeAddress> others = all.stream().filter(other -> other.id() != node.id()).toList();
            var files = new NodeFiles(
                    Files.createDirectories(home.resolve(node.name())), cluster, node, founders,
                    founders ? others : others.stream().filter(other -> !fresh.contains(other)).toList());
            files.write();
            NodeCertificates.issue(authority, files, valid);
        }
        List<String> lines = new ArrayList<>(List.of(cluster));
        all.forEach(node -> lines.add(node.toString()));
        // Last: what is not written here is made again.
        Files.write(home.resolve(NODES), lines);
    }

    private static String told(Path home, List<NodeAddress> fresh, boolean founders) {
        var text = new StringBuilder("made ").append(fresh.size() == 1 ? "a node" : fresh.size() + " nodes")
                .append(" in ").append(home)
                .append("; copy each directory to its machine, and keep authority.pem away from them\n");
        for (NodeAddress node : fresh) {
            text.append("  heddle node --embedded ").append(home.resolve(node.name())).append('\n');
        }
        if (founders && fresh.size() > 1) {
            int most = Math.min(fresh.size(), EmbeddedStore.MAX_VOTERS);
            text.append("the cluster begins when ").append(most / 2 + 1).append(" of ")
                    .append(most == fresh.size() ? "them" : "the first " + most).append(" run\n");
        }
        return text.toString();
    }
}
