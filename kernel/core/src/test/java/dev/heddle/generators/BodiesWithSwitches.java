package dev.heddle.generators;

import static dev.heddle.generators.BodyTools.joined;
import static dev.heddle.generators.BodyTools.number;
import static dev.heddle.generators.BodyTools.two;

import dev.heddle.generators.BodyTools.Make;
import java.util.List;
import java.util.Map;

/** Bodies that yield in switches. */
final class BodiesWithSwitches {

    private enum Colour {
        RED, GREEN, BLUE
    }

    private sealed interface Shape permits Circle, Square {}

    private record Circle(double radius) implements Shape {}

    private record Square(long side, Object name) implements Shape {}

    private BodiesWithSwitches() {}

    @SuppressWarnings("fallthrough") // which is what one of them is about
    static void addTo(Map<String, Make> all) {
        all.put("switch over numbers", log -> DuplexGenerator.of(out -> {
            for (int i = 0; i < 4; i++) {
                switch (i) {
                    case 0 :
                        out.yield("zero");
                    case 1 :
                        log.add("falls " + out.yield("through"));
                        break;
                    case 1000 :
                        return "never";
                    default :
                        out.yield("other " + i);
                }
            }
            return "end";
        }));
        all.put("switch over texts", log -> DuplexGenerator.of(out -> {
            String said = "one";
            for (int i = 0; i < 3; i++) {
                said = switch (said) {
                    case "one" -> {
                        Object got = out.yield(1);
                        yield number(got) > 0 ? "two" : "three";
                    }
                    case "two" -> "" + out.yield(2);
                    default -> "one";
                };
            }
            return said;
        }));
        all.put("switch over an enum", log -> DuplexGenerator.of(out -> {
            for (Colour each : Colour.values()) {
                Object got = switch (each) {
                    case RED -> out.yield("warm");
                    case GREEN -> "grass";
                    case BLUE -> joined(out.yield("cold"), out.yield("wet"));
                };
                log.add(each + " " + got);
            }
            return null;
        }));
        all.put("patterns", log -> DuplexGenerator.of(out -> {
            for (Shape each : List.of(new Circle(1), new Square(2, "s"), new Square(9, 3), new Circle(-1))) {
                String is = switch (each) {
                    case Circle(double radius) when radius < 0 -> "bad " + out.yield("bad");
                    case Circle circle -> "circle " + circle.radius + out.yield("circle");
                    case Square(long side, String name) -> name + side + out.yield("named");
                    case Square(long side, var name) -> "square " + side + name;
                };
                log.add(is);
            }
            return out.yield("x") instanceof Integer number && number > 1 ? number : "none";
        }));
    }
}
