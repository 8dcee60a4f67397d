package dev.heddle.cli.node;

import dev.heddle.cluster.ClusterPool;
import dev.heddle.cluster.Member;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The labels by which the nodes of this command tell what they are. */
final class NodeFacts {

    /** How many processes do bodies. */
    static final String WORKERS = "workers";

    /** The hash of the class path. */
    static final String PROGRAM = "program";

    /** What its server is to the store. */
    static final String STORE = "store";

    /** Those that users cannot give. */
    static final Set<String> RESERVED = Set.of(ClusterPool.ADDRESS, WORKERS, PROGRAM, STORE);

    private NodeFacts() {}

    /** All labels of a node. */
    static Map<String, String> labels(NodeArguments arguments, String program) {
        Map<String, String> labels = new TreeMap<>(arguments.labels());
        NodeAddress self = arguments.files().self();
        labels.put(ClusterPool.ADDRESS, self.place());
        labels.put(WORKERS, Integer.toString(arguments.workers()));
        labels.put(PROGRAM, program);
        if (arguments.store() == null) {
            labels.put(STORE, self.voter() ? "voter" : "observer");
        }
        return labels;
    }

    /** What a member says under a label; empty if nothing. */
    static String of(Member member, String label) {
        return member.labels().getOrDefault(label, "");
    }

    /** What its user has said of it: {@code gpu=yes, disk=ssd}. */
    static String others(Member member) {
        return String.join(", ", new TreeMap<>(member.labels()).entrySet().stream()
                .filter(label -> !RESERVED.contains(label.getKey()))
                .map(label -> label.getKey() + '=' + label.getValue())
                .toList());
    }

    /** The members that run another program than this hash is of. */
    static List<Member> strangers(List<Member> members, String program) {
        return members.stream()
                .filter(member -> !of(member, PROGRAM).isEmpty() && !of(member, PROGRAM).equals(program))
                .toList();
    }
}
