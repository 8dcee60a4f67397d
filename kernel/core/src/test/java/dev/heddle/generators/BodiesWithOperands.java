package dev.heddle.generators;

import static dev.heddle.generators.BodyTools.joined;
import static dev.heddle.generators.BodyTools.number;
import static dev.heddle.generators.BodyTools.plus;

import dev.heddle.generators.BodyTools.Make;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Bodies that yield in the middle of an expression. */
final class BodiesWithOperands {

    private record Circle(double radius) {}

    private record Square(long side, Object name) {}

    private BodiesWithOperands() {}

    static void addTo(Map<String, Make> all) {
        all.put("operands of all kinds", log -> DuplexGenerator.of(out -> {
            long a = 5;
            double b = 0.25;
            float c = 1.5f;
            return plus(a + number(out.yield("a")), b + number(out.yield("b")), c * number(out.yield("c")),
                    7 - number(out.yield("d")));
        }));
        all.put("arguments pushed before", log -> DuplexGenerator
                .of(out -> joined(1, 2L, out.yield("x"), 3.0, out.yield("y"), joined("z", out.yield("z")), 'c', 1.5f)));
        all.put("array elements", log -> DuplexGenerator.of(out -> {
            int[] numbers = {1, 2, 3};
            long[][] table = new long[2][2];
            Object[] things = {"p", out.yield("first"), out.yield("second")};
            numbers[1] += number(out.yield(numbers.length));
            table[1][0] = numbers[1] + number(out.yield(things[1] + ""));
            things[number(things[2]) < 0 ? 0 : 1] = out.yield(table[1][0]);
            return joined(things) + Arrays.toString(numbers) + table[1][0];
        }));
        all.put("conditions", log -> DuplexGenerator.of(out -> {
            boolean both = number(out.yield("l")) > 0 && number(out.yield("r")) > 0 || number(out.yield("o")) > 2;
            String said = both ? "both " + out.yield("yes") : "not " + out.yield("no");
            return said + (number(out.yield(said)) > 3 ? 1 : 2.5);
        }));
        all.put("text put together", log -> DuplexGenerator
                .of(out -> "a" + out.yield(1) + 'b' + 2L + out.yield(2) + 1.5 + null + out.yield(3)));
        all.put("a new object with yielded arguments", log -> DuplexGenerator.of(out -> {
            var builder = new StringBuilder(String.valueOf(out.yield("text")));
            return builder.append(new ArrayList<>(List.of("" + out.yield(1), "" + out.yield(2)))).toString();
        }));
        all.put("new in a condition", log -> DuplexGenerator.of(out -> {
            Object made = new Circle(number(out.yield("a")) > 2 ? 1.5 : number(out.yield("b")));
            return new Square(2, number(out.yield(made)) > 0 ? new Circle(9) : out.yield("c")).toString();
        }));
        all.put("compound assignment", log -> DuplexGenerator.of(out -> {
            int x = 3;
            long[] y = {4};
            x += number(out.yield(x));
            y[0] <<= 1 + (number(out.yield(y[0])) & 1);
            x = x++ + number(out.yield(x)) + ++x;
            return x + y[0];
        }));
    }
}
