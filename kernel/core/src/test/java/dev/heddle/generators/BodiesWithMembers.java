package dev.heddle.generators;

import static dev.heddle.generators.BodyTools.joined;
import static dev.heddle.generators.BodyTools.number;

import dev.heddle.generators.BodyTools.Make;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Bodies that use what only their class may use. */
final class BodiesWithMembers {

    /** Whose members are seen by its nest only. */
    private static final class Point {
        private static int made;
        private int x;
        private final Object y;

        private Point(int x, Object y) {
            this.x = x;
            this.y = y;
            made++;
        }

        private int moved(int by) {
            x += by;
            return x;
        }

        private static Point zero() {
            return new Point(0, "zero");
        }

        @Override
        public String toString() {
            return "(" + x + ", " + y + ")";
        }
    }

    /** A superclass in another package has protected members. */
    private static final class Bits extends java.util.BitSet implements DuplexGenerator.Body<Object, Object, Object> {
        private static final long serialVersionUID = 1;

        @Override
        public Object run(DuplexGenerator.Out<Object, Object> out) {
            set(3);
            out.yield(super.toString());
            set(5);
            out.yield(super.cardinality());
            return toString();
        }

        @Override
        public String toString() {
            return "bits " + super.toString();
        }
    }

    private static final class Counting extends java.util.AbstractList<Object>
            implements
                DuplexGenerator.Body<Object, Object, String> {
        private int count;

        @Override
        public Object get(int index) {
            return index;
        }

        @Override
        public int size() {
            return 4;
        }

        @Override
        public String run(DuplexGenerator.Out<Object, Object> out) {
            int before = modCount; // protected, of java.util
            modCount += 2;
            for (Object each : this) {
                count++;
                out.yield(each);
            }
            return count + " " + (modCount - before);
        }
    }

    private final class Inner {
        private long total;

        private Inner(int first, Object rest) {
            total = first + field + number(rest);
        }
    }

    private static class Base {
        protected String name() {
            return "base";
        }
    }

    private static final class Derived extends Base {
        @Override
        protected String name() {
            return "derived";
        }

        DuplexGenerator<Object, Object, Object> make() {
            return DuplexGenerator.of(out -> {
                out.yield(super.name());
                return name() + out.yield(Derived.super.name());
            });
        }
    }

    private interface Shelf {
        default DuplexGenerator<Object, Object, Object> make() {
            return DuplexGenerator.of(out -> {
                out.yield(secret());
                return fixed(number(out.yield("n"))) + secret();
            });
        }

        private String secret() {
            return "secret";
        }

        private static int fixed(int number) {
            return number * 2;
        }
    }

    private record Named(String name, long count) {
        DuplexGenerator<Object, Object, Object> make() {
            return DuplexGenerator.of(out -> {
                out.yield(name);
                return count + number(out.yield(this));
            });
        }
    }

    private enum Kind implements DuplexGenerator.Body<Object, Object, Object> {
        FIRST, SECOND {
            @Override
            public Object run(DuplexGenerator.Out<Object, Object> out) {
                out.yield(FIRST);
                return out.yield(this);
            }
        };

        @Override
        public Object run(DuplexGenerator.Out<Object, Object> out) {
            return out.yield(name());
        }
    }

    private static final class Early {
        private static Supplier<DuplexGenerator<Object, Object, Object>> made;

        static {
            int captured = 9;
            made = () -> DuplexGenerator.of(out -> joined(captured, out.yield("early")));
        }
    }

    private static final class Built {
        private final DuplexGenerator<Object, Object, Object> made;
        private int seen;

        private Built(int number) {
            made = DuplexGenerator.of(out -> {
                seen += number;
                out.yield(seen);
                return seen++ + number(out.yield(seen));
            });
        }
    }

    private int field = 7;

    private Object method(DuplexGenerator.Out<Object, Object> out) {
        out.yield("of " + field);
        field++;
        return out.yield("of " + field);
    }

    private static Object staticMethod(DuplexGenerator.Out<Object, Object> out) {
        return joined(out.yield("static"), "and");
    }

    private DuplexGenerator<Object, Object, Object> ofThis(List<String> log) {
        return DuplexGenerator.of(out -> {
            field += number(out.yield(field));
            log.add("field " + field);
            out.yield(method() + field++);
            return this.field;
        });
    }

    private String method() {
        return "private ";
    }

    private BodiesWithMembers() {}

    static void addTo(Map<String, Make> all) {
        all.put("private members of the nest", log -> DuplexGenerator.of(out -> {
            Point point = Point.zero();
            point.x = number(out.yield(point.x));
            point.x += number(out.yield(point.y));
            point.moved(3);
            Point.made = 0;
            Point.made++;
            return point.moved(number(out.yield(point))) + Point.made;
        }));
        all.put("private members of this", log -> new BodiesWithMembers().ofThis(log));
        all.put("captured variables", log -> {
            int a = 1;
            long b = 2;
            double c = 3.5;
            String d = "d";
            boolean e = true;
            int[] f = {6};
            return DuplexGenerator.of(out -> {
                f[0] += number(out.yield(a + b));
                out.yield(c + d + e);
                return d + f[0] + b + c;
            });
        });
        all.put("a lambda inside", log -> DuplexGenerator.of(out -> {
            int base = number(out.yield("base"));
            Supplier<String> inside = () -> "base " + base + log.size();
            out.yield(inside.get());
            Function<Integer, Point> maker = number -> new Point(number, base);
            return maker.apply(4) + inside.get()
                    + List.of(3, 1, 2).stream().sorted().map(number -> new Point(number, "p")).toList();
        }));
        all.put("a generator inside", log -> DuplexGenerator.of(out -> {
            int base = number(out.yield("base"));
            Generator<Integer> inner = Generator.of(other -> {
                for (int i = 0; i < 3; i++) {
                    other.yield(base + i);
                }
            });
            int sum = 0;
            for (int each : inner) {
                sum += each;
                out.yield(sum);
            }
            return sum;
        }));
        all.put("an anonymous class inside", log -> DuplexGenerator.of(out -> {
            Object got = out.yield(1);
            Object made = new Object() {
                @Override
                public String toString() {
                    return "made " + got;
                }
            };
            out.yield(made);
            return made.toString();
        }));
        all.put("a method of this", log -> DuplexGenerator.of(new BodiesWithMembers()::method));
        all.put("a static method", log -> DuplexGenerator.of(BodiesWithMembers::staticMethod));
        all.put("an object of a class", log -> DuplexGenerator.of(new Bits()));
        all.put("a result of a narrower type", log -> {
            DuplexGenerator<Object, Object, String> narrow = DuplexGenerator.of(new Counting());
            @SuppressWarnings("unchecked")
            var wide = (DuplexGenerator<Object, Object, Object>) (DuplexGenerator<?, ?, ?>) narrow;
            return wide;
        });
        all.put("an anonymous body", log -> DuplexGenerator.of(new DuplexGenerator.Body<Object, Object, Object>() {
            private int steps = log.size();

            @Override
            public Object run(DuplexGenerator.Out<Object, Object> out) {
                steps++;
                log.add("at " + out.yield(steps));
                return steps;
            }
        }));
        all.put("a private constructor", log -> DuplexGenerator.of(out -> {
            Point first = new Point(number(out.yield("x")), out.yield("y"));
            Point second = new Point(first.x, new Point(number(out.yield("deep")), first.y));
            out.yield(first);
            return second.toString() + Point.zero();
        }));
        all.put("a private inner class", log -> DuplexGenerator.of(out -> {
            var outer = new BodiesWithMembers();
            Inner inner = outer.new Inner(number(out.yield("inner")), out.yield("rest"));
            inner.total += number(out.yield(inner.total));
            return inner.total-- + outer.field + "" + inner.total;
        }));
        all.put("a call of super", log -> new Derived().make());
        all.put("an interface", log -> new Shelf() {}.make());
        all.put("a record", log -> new Named("name", 5).make());
        all.put("an enum", log -> DuplexGenerator.of(Kind.SECOND));
        all.put("a static initializer", log -> Early.made.get());
        all.put("a constructor", log -> new Built(3).made);
    }
}
