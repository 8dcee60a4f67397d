package dev.heddle.generators;

import static dev.heddle.generators.BodyTools.joined;
import static dev.heddle.generators.BodyTools.number;
import static dev.heddle.generators.BodyTools.two;

import dev.heddle.generators.BodyTools.Make;
import java.util.List;
import java.util.Map;

/** Bodies that yield in loops, with variables of all kinds. */
final class BodiesWithLoops {

    private BodiesWithLoops() {}

    static void addTo(Map<String, Make> all) {
        all.put("no loop", log -> DuplexGenerator.of(out -> {
            log.add("" + out.yield(1));
            log.add("" + out.yield(2));
            return "end";
        }));
        all.put("for loop", log -> DuplexGenerator.of(out -> {
            for (int i = 0; i < 3; i++) {
                log.add(i + " " + out.yield(i));
            }
            return null;
        }));
        all.put("loops with labels", log -> DuplexGenerator.of(out -> {
            int steps = 0;
            outer: for (int i = 0; i < 4; i++) {
                for (int j = 0;; j++) {
                    steps++;
                    if (j == 2) {
                        continue outer;
                    }
                    Object got = out.yield(i * 10 + j);
                    if (number(got) > 3) {
                        log.add("breaks");
                        break outer;
                    }
                }
            }
            return steps;
        }));
        all.put("do and while", log -> DuplexGenerator.of(out -> {
            long left = 3;
            do {
                double half = left / 2.0;
                while (half > 1) {
                    out.yield(half);
                    half -= 0.5;
                }
                out.yield(left);
            } while (--left > 0);
            return left;
        }));
        all.put("for each", log -> DuplexGenerator.of(out -> {
            for (String each : List.of("a", "b")) {
                for (char c : (each + "x").toCharArray()) {
                    out.yield(c);
                }
            }
            return "end";
        }));
        all.put("a variable that begins late", log -> DuplexGenerator.of(out -> {
            String text;
            if (number(out.yield("which?")) > 0) {
                text = "yes";
            } else {
                text = "no";
            }
            byte small = (byte) 200;
            short middle = (short) 70_000;
            char letter = 'q';
            boolean truth = text.length() == 2;
            out.yield(text);
            return joined(text, small, middle, letter, truth);
        }));
        all.put("a slot used for two kinds", log -> DuplexGenerator.of(out -> {
            {
                long first = 1L << 40;
                out.yield(first);
                log.add("" + first);
            }
            {
                String second = "second";
                int third = 3;
                out.yield(second);
                log.add(second + third);
            }
            {
                double fourth = 4.5;
                out.yield(fourth);
                log.add("" + fourth);
            }
            return null;
        }));
        all.put("null in a variable", log -> DuplexGenerator.of(out -> {
            String none = null;
            Object[] array = null;
            out.yield(1);
            log.add("" + none + array);
            none = "some";
            array = new Object[]{out.yield(none)};
            return joined(array);
        }));
    }
}
