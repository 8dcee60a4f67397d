package dev.heddle.generators;

import static dev.heddle.generators.BodyTools.joined;
import static dev.heddle.generators.BodyTools.number;
import static dev.heddle.generators.BodyTools.two;

import dev.heddle.generators.BodyTools.Make;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bodies that delegate, and some that fit nowhere else. */
final class BodiesWithOthers {

    private BodiesWithOthers() {}

    static void addTo(Map<String, Make> all) {
        all.put("delegation", log -> DuplexGenerator.of(out -> {
            log.add("result " + out.yieldFrom(two(log)));
            DuplexGenerator<Object, Object, Object> begun = two(log);
            begun.next();
            try {
                log.add("rest " + out.yieldFrom(begun));
            } catch (GeneratorTrace.Planted e) {
                log.add("came out " + e.getMessage());
            }
            return joined("again", out.yieldFrom(begun), out.yield("own"));
        }));
        all.put("delegation to what was closed", log -> DuplexGenerator.of(out -> {
            DuplexGenerator<Object, Object, Object> closed = two(log);
            closed.close();
            try {
                out.yieldFrom(closed);
            } catch (IllegalStateException e) {
                log.add(e.getMessage());
            }
            return out.yield("on");
        }));
        all.put("what is open inside", log -> DuplexGenerator.of(out -> {
            DuplexGenerator<Object, Object, Object> inner = two(log);
            log.add("" + inner.next());
            out.yield("outer");
            log.add("" + inner.state());
            return "end";
        }));
        all.put("a type variable", log -> DuplexGenerator.of(out -> {
            Map<String, List<? super Number>> map = new HashMap<>();
            map.computeIfAbsent("k", _ -> new ArrayList<>()).add(number(out.yield("n")));
            List<? super Number> list = map.get("k");
            out.yield(list.size());
            Comparable<String> text = map.keySet().iterator().next();
            out.yield("kept");
            return text.compareTo("k") + " " + list;
        }));
        all.put("the class of the body", log -> DuplexGenerator.of(out -> {
            out.yield(BodiesWithOthers.class.getSimpleName());
            return new BodiesWithOthers().getClass() == BodiesWithOthers.class;
        }));
        all.put("assertions", log -> DuplexGenerator.of(out -> {
            int got = number(out.yield(1));
            assert got < 3 : "too much: " + got;
            return out.yield(2);
        }));
    }
}
