package dev.heddle.cli.node;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.tls.TlsAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code heddle node init} and {@code renew}: make the directories of a cluster's nodes, or of some more, and their
 * certificates anew. The directory that holds them keeps the authority, and who there is:
 *
 * <pre>
 *   authority.pem   the key and the certificate of the authority; leave it where no node runs
 *   nodes           the cluster's name, then a node a line, in the order of their numbers, and "gone" if it is
 *   NAME/           the directory of a node, see {@link NodeFiles}
 * </pre>
 */
final class NodeInit {

    private static final String AUTHORITY = "authority.pem";

    private static final String NODES = "nodes";

    /** Behind the line of a node whose place another has taken. */
    private static final String GONE = " gone";

    private static final int DEFAULT_DAYS = 365;

    private static final int MAX_DAYS = 3650;

    private static final Arguments.Syntax INIT = Arguments.syntax().option("--cluster").option("--days")
            .option("--replace");

    private static final Arguments.Syntax RENEW = Arguments.syntax().option("--days");

    private final Path home;
    private final int days;
    private final String cluster;

    /** All there were, by their numbers. */
    private final List<NodeAddress> all = new ArrayList<>();

    private final Set<NodeAddress> gone = new HashSet<>();

    private NodeInit(Path home, int days, Optional<String> wanted) throws IOException {
        this.home = home;
        this.days = days;
        Path file = home.resolve(NODES);
        List<String> known = Files.exists(file) ? Files.readAllLines(file) : List.of();
        Path last = home.toAbsolutePath().normalize().getFileName();
        String fallback = known.isEmpty() ? String.valueOf(last) : known.getFirst();
        cluster = NodeAddress.requireName("--cluster", wanted.orElse(fallback));
        if (!known.isEmpty() && !cluster.equals(known.getFirst())) {
            throw new FailureException(home + " is that of the cluster " + known.getFirst() + ", not of " + cluster);
        }
        for (String line : known.subList(Math.min(1, known.size()), known.size())) {
            boolean isGone = line.endsWith(GONE);
            String text = isGone ? line.substring(0, line.length() - GONE.length()) : line;
            all.add(NodeAddress.parseLine(all.size() + 1, text));
            if (isGone) {
                gone.add(all.getLast());
            }
        }
    }

    /** Makes directories, and tells what to do with them. */
    static void init(List<String> words, CommandStreams stdio) throws IOException {
        Arguments arguments = INIT.parse(words);
        if (arguments.rest().size() < 2) {
            throw new UsageException("init needs a directory, and nodes as NAME=HOST:PORT");
        }
        List<String> nodes = arguments.rest().subList(1, arguments.rest().size());
        stdio.tell(of("init", arguments, arguments.value("--cluster"))
                .add(nodes, arguments.name("--replace", "the name of a node").orElse("")));
    }

    /** Makes certificates anew, and tells what to do with them. */
    static void renew(List<String> words, CommandStreams stdio) throws IOException {
        Arguments arguments = RENEW.parse(words);
        if (arguments.rest().isEmpty()) {
            throw new UsageException("renew needs a directory that heddle node init has made, and names of its nodes if"
                    + " not all are meant");
        }
        stdio.tell(of("renew", arguments, Optional.empty())
                .renew(arguments.rest().subList(1, arguments.rest().size())));
    }

    private static NodeInit of(String verb, Arguments arguments, Optional<String> cluster) throws IOException {
        Path home = ClusterAddress.directory(verb, arguments.rest().getFirst());
        return new NodeInit(home, arguments.number("--days", DEFAULT_DAYS, 1, MAX_DAYS), cluster);
    }

    private Stream<NodeAddress> alive() {
        return all.stream().filter(node -> !gone.contains(node));
    }

    private NodeAddress alive(String name) {
        return alive().filter(node -> node.name().equals(name)).findFirst().orElseThrow(() -> new UsageException(
                "there is no node " + HumanFormat.printable(name) + " in " + home));
    }

    private String add(List<String> words, String replaced) throws IOException {
        boolean founders = all.isEmpty();
        NodeAddress lost = replaced.isEmpty() ? null : alive(replaced);
        if (lost != null) {
            if (words.size() > 1) {
                throw new UsageException("--replace is for one node at a time");
            }
            gone.add(lost);
        }
        List<NodeAddress> before = alive().toList();
        List<NodeAddress> fresh = new ArrayList<>();
        for (String word : words) {
            NodeAddress node = NodeAddress.parse(all.size() + 1, word);
            long voters = alive().filter(NodeAddress::voter).count();
            fresh.add(node.voting(lost == null ? voters < EmbeddedStore.MAX_VOTERS : lost.voter()));
            all.add(fresh.getLast());
        }
        requireDifferent();
        Files.createDirectories(home);
        for (NodeAddress node : fresh) {
            List<NodeAddress> others = founders ? fresh.stream().filter(other -> other != node).toList() : before;
            Path directory = Files.createDirectories(home.resolve(node.name()));
            new NodeFiles(directory, cluster, node, founders, lost == null ? 0 : lost.id(), others).write();
            NodeCertificates.issue(authority(), directory, node.host(), days);
        }
        List<String> lines = new ArrayList<>(List.of(cluster));
        all.forEach(node -> lines.add(node.line() + (gone.contains(node) ? GONE : "")));
        // Last: what is not written here is made again.
        Files.write(home.resolve(NODES), lines);
        return told(fresh, founders, lost);
    }

    /** Another one than has signed the certificates of nodes that run would have them let nobody in. */
    private TlsAuthority authority() throws IOException {
        Path file = home.resolve(AUTHORITY);
        if (Files.exists(home.resolve(NODES)) && !Files.exists(file)) {
            throw new FailureException(file + " is not there, which signs the certificates of " + cluster
                    + ": put it there from where it is kept");
        }
        return NodeCertificates.authority(file, cluster);
    }

    private void requireDifferent() {
        Set<String> taken = new HashSet<>(Set.of(AUTHORITY, NODES));
        for (NodeAddress node : all) {
            if (!taken.add(node.name())) {
                throw new UsageException("the name " + node.name()
                        + " is taken; a node that is gone for good leaves its name to nobody");
            }
            for (int port = node.port(); !gone.contains(node) && port < node.port() + 3; port++) {
                if (!taken.add(node.host() + ':' + port)) {
                    throw new UsageException(node + " takes three ports in a row, of which " + port
                            + " is another node's");
                }
            }
        }
    }

    private String told(List<NodeAddress> fresh, boolean founders, @Nullable NodeAddress lost) {
        var text = new StringBuilder("made ").append(fresh.size() == 1 ? "a node" : fresh.size() + " nodes")
                .append(" in ").append(home)
                .append("; copy each directory to its machine, and keep authority.pem away from them\n");
        for (NodeAddress node : fresh) {
            text.append("  heddle node --embedded ").append(home.resolve(node.name())).append('\n');
        }
        if (lost != null) {
            text.append("as it starts it takes the place of ").append(lost.name())
                    .append(", which must never run again\n");
        }
        if (founders && fresh.size() > 1) {
            int most = Math.min(fresh.size(), EmbeddedStore.MAX_VOTERS);
            text.append("the cluster begins when ").append(most / 2 + 1).append(" of ")
                    .append(most == fresh.size() ? "them" : "the first " + most).append(" run\n");
        }
        return text.toString();
    }

    private String renew(List<String> names) throws IOException {
        if (all.isEmpty()) {
            throw new FailureException(home + " has no nodes; heddle node init makes them");
        }
        List<NodeAddress> nodes = names.isEmpty() ? alive().toList() : names.stream().map(this::alive).toList();
        for (NodeAddress node : nodes) {
            Path directory = Files.createDirectories(home.resolve(node.name()));
            NodeCertificates.issue(authority(), directory, node.host(), days);
        }
        return "made " + HumanFormat.count(nodes.size(), "certificate")
                + "; copy each over that of its node, which takes"
                + " it within a minute and need not stop\n"
                + nodes.stream().map(node -> "  " + home.resolve(node.name()).resolve(NodeFiles.IDENTITY) + "\n")
                        .collect(Collectors.joining());
    }
}
