package dev.heddle.cli.node;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node as the others reach it. It has three ports in a row: for bodies, for the leader's followers and for votes; the
 * last two only where ZooKeeper runs in the nodes.
 *
 * @param id the number of its server, from 1, never used again
 * @param port the first of the ports
 * @param voter whether its server votes, if it has one
 */
record NodeAddress(int id, String name, String host, int port, boolean voter) {

    private static final String VOTER = "voter";

    /** The highest with two behind it. */
    private static final int MAX_PORT = 65_533;

    /** As many as ZooKeeper can number. */
    private static final int MAX_ID = 254;

    /** What may be a part of a file's name everywhere, and of a line of ZooKeeper's configuration. */
    private static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private static final Pattern NAME = Pattern.compile(WORD);

    private static final Pattern FORM = Pattern.compile("(?<name>" + WORD + ")="
            + "(?:\\[(?<ip>[0-9A-Fa-f:.]+)]|(?<host>" + WORD + ")):(?<port>[0-9]{1,5})");

    /**
     * Reads {@code NAME=HOST:PORT}.
     *
     * @throws UsageException if it is something else
     */
    static NodeAddress parse(int id, String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new UsageException("a node is written NAME=HOST:PORT, as in a=10.0.0.1:7100, not \""
                    + HumanFormat.printable(text) + "\"");
        }
        int port = Integer.parseInt(parts.group("port"));
        if (port < 1 || port > MAX_PORT) {
            throw new UsageException("the port of a node is 1 to " + MAX_PORT + ", since it uses the two behind it as"
                    + " well, not " + port);
        }
        if (id > MAX_ID) {
            throw new UsageException("a cluster has had " + MAX_ID + " nodes at most, the removed ones among them");
        }
        String ip = parts.group("ip");
        return new NodeAddress(id, parts.group("name"), ip == null ? parts.group("host") : ip, port,
                id <= EmbeddedStore.MAX_VOTERS);
    }

    /**
     * Reads a {@link #line}.
     *
     * @throws UsageException if it is something else
     */
    static NodeAddress parseLine(int id, String line) {
        String[] words = line.split(" ", 2);
        NodeAddress address = parse(id, words[0]);
        return words.length == 1 ? address : address.voting(words[1].equals(VOTER));
    }

    /** What files say of it: the role where it is not that of its number. */
    String line() {
        return this + (voter == id <= EmbeddedStore.MAX_VOTERS ? "" : voter ? " " + VOTER : " observer");
    }

    /** The same, in another role. */
    NodeAddress voting(boolean votes) {
        return new NodeAddress(id, name, host, port, votes);
    }

    /**
     * A name for a cluster or a node.
     *
     * @throws UsageException if it cannot be one
     */
    static String requireName(String option, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UsageException(option + " needs a name of letters, digits, dots, - and _, not \""
                    + HumanFormat.printable(name) + "\"");
        }
        return name;
    }

    /** Where it is asked, {@code HOST:PORT}, as members say it. */
    String place() {
        return host + ':' + port;
    }

    @Override
    public String toString() {
        return name + '=' + (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
