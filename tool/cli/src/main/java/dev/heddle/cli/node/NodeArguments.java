package dev.heddle.cli.node;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cluster.store.StoreAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code heddle node}.
 *
 * @param files the directory of the node
 * @param store the store that is there already; null if the node has a server of its own
 * @param labels what it says of itself
 * @param workers how many processes do bodies
 * @param drain how long bodies of others have to end when it leaves
 * @param anyProgram whether it joins nodes with other class paths
 * @param program the class that runs in it; null for none
 * @param programArguments those of the program
 */
record NodeArguments(
        NodeFiles files,
        @Nullable StoreAddress store,
        Map<String, String> labels,
        int workers,
        Duration drain,
        boolean anyProgram,
        @Nullable String program,
        List<String> programArguments) {

    static final Duration DEFAULT_DRAIN = Duration.ofSeconds(30);

    private static final int MAX_WORKERS = 1_024;

    private static final Arguments.Syntax SYNTAX = ClusterAddress.syntax()
            .option("--keys")
            .option("--labels", "-l")
            .option("--workers", "-w")
            .option("--class-path")
            .option("--program")
            .option("--drain")
            .flag("--any-program");

    /** Copies the collections. */
    NodeArguments {
        labels = Map.copyOf(labels);
        programArguments = List.copyOf(programArguments);
    }

    /**
     * Reads the arguments, and the directory of the node.
     *
     * @throws UsageException if they are wrong
     */
    static NodeArguments parse(List<String> words) {
        Arguments arguments = SYNTAX.parse(words);
        Optional<String> program = arguments.name("--program", "a class");
        if (program.isEmpty() && !arguments.rest().isEmpty()) {
            throw new UsageException("what is \"" + HumanFormat.printable(arguments.rest().getFirst())
                    + "\"? Arguments are for --program CLASS");
        }
        requireClassPath(arguments);
        boolean embedded = arguments.has("--embedded");
        NodeFiles files = embedded ? ClusterAddress.embedded(arguments) : keys(arguments);
        return new NodeArguments(
                files,
                embedded ? null : ClusterAddress.joined(arguments),
                labels(arguments.all("--labels")),
                arguments.number("--workers", Runtime.getRuntime().availableProcessors(), 1, MAX_WORKERS),
                arguments.duration("--drain", DEFAULT_DRAIN),
                arguments.has("--any-program"),
                program.orElse(null),
                arguments.rest());
    }

    /** With a store of others the node needs its directory all the same: bodies come by mutual TLS. */
    private static NodeFiles keys(Arguments arguments) {
        if (!arguments.has("--join")) {
            throw new UsageException("it needs --embedded DIR, or --join STORE and --keys DIR; heddle node init makes"
                    + " the directories");
        }
        return ClusterAddress.files(arguments, "--keys").orElseThrow(() -> new UsageException(
                "--join needs --keys DIR, the directory that heddle node init has made for this node"));
    }

    /** The script puts it where the JVM looks; here it would come too late. */
    private static void requireClassPath(Arguments arguments) {
        Optional<String> path = arguments.name("--class-path", "a class path");
        boolean isPattern = path.filter(it -> it.endsWith("*")).isPresent(); // the JVM has replaced it by names
        if (path.isPresent() && !isPattern && !System.getProperty("java.class.path", "").endsWith(path.get())) {
            throw new UsageException("--class-path is for the script heddle; with java -cp, add to that");
        }
    }

    private static Map<String, String> labels(List<String> words) {
        Map<String, String> labels = new TreeMap<>();
        for (String word : words) {
            for (String label : word.split(",", -1)) {
                int equals = label.indexOf('=');
                if (equals < 1) {
                    throw new UsageException("a label is written NAME=VALUE, as in gpu=yes, not \""
                            + HumanFormat.printable(label) + "\"");
                }
                String name = label.substring(0, equals);
                if (NodeFacts.RESERVED.contains(name)) {
                    throw new UsageException("the label " + name + " is set by the node itself");
                }
                labels.put(name, label.substring(equals + 1));
            }
        }
        return labels;
    }
}
