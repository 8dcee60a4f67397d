package dev.heddle.net;

import dev.heddle.engine.Engine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The order in which the places of a service are tried: by priority, then drawn by weight (RFC 2782). */
final class ServiceOrder {

    private ServiceOrder() {}

    static List<SrvRecord> of(List<SrvRecord> places, Engine engine) {
        List<SrvRecord> left = new ArrayList<>(places);
        // Those without weight first, so that they too are drawn now and then.
        left.sort(Comparator.comparingInt(SrvRecord::priority).thenComparing(place -> place.weight() > 0));
        List<SrvRecord> drawn = new ArrayList<>();
        while (!left.isEmpty()) {
            drawn.add(left.remove(draw(left, engine)));
        }
        return List.copyOf(drawn);
    }

    /** The index of one of those with the first priority. */
    private static int draw(List<SrvRecord> left, Engine engine) {
        int priority = left.getFirst().priority();
        List<SrvRecord> group = left.stream().filter(place -> place.priority() == priority).toList();
        int total = group.stream().mapToInt(SrvRecord::weight).sum();
        int aim = Math.floorMod(engine.random(), total + 1);
        int sum = 0;
        for (int i = 0; i < group.size(); i++) {
            sum += group.get(i).weight();
            if (sum >= aim) {
                return i;
            }
        }
        throw new IllegalStateException("the weights have no such sum: " + aim);
    }
}
