package dev.heddle.cluster;

import dev.heddle.Heddle;
import dev.heddle.sync.Subscription;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who is there on a {@link ClusterDay}: news of a node never goes back, and in the evening all see the same. */
final class DayOfMembers {

    private static final int EVENTS = 1000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Rules rules;

    DayOfMembers(Rules rules) {
        this.rules = rules;
    }

    void watch(Cluster node) {
        Map<String, Token> seen = new HashMap<>();
        try (Subscription<MemberEvent> events = node.memberEvents(EVENTS)) {
            while (true) {
                if (events.receive() instanceof MemberEvent.Up(Member member)) {
                    Token before = seen.put(member.name(), member.token());
                    rules.that(before == null || before.compareTo(member.token()) < 0,
                            node.self().name() + " sees " + member + " come after " + before);
                }
            }
        }
    }

    /** Waits until a number of nodes see each other. */
    void check(Collection<Cluster> nodes, int count) {
        Heddle.moveOnAfter(Duration.ofMinutes(2), () -> {
            while (!agree(nodes, count)) {
                Heddle.sleep(LOOK_EVERY);
            }
        });
        rules.that(agree(nodes, count), "the nodes do not see each other: "
                + nodes.stream().map(node -> node.self().name() + " sees " + node.members()).toList());
    }

    private static boolean agree(Collection<Cluster> nodes, int count) {
        Set<Member> all = new HashSet<>();
        nodes.forEach(node -> all.add(node.self()));
        return all.size() == count
                && nodes.stream().allMatch(node -> node.isJoined() && all.equals(new HashSet<>(node.members())));
    }
}
