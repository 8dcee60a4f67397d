package dev.heddle.generators;

import static dev.heddle.generators.BodyTools.joined;
import static dev.heddle.generators.BodyTools.number;

import dev.heddle.generators.BodyTools.Make;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;

/** Bodies that cannot be rewritten, or in which others might yield. */
final class BodiesThatStay {

    private interface Both extends DuplexGenerator.Body<Object, Object, Object>, Serializable {}

    private static class Open {
        Object run(DuplexGenerator.Out<Object, Object> out) {
            return out.yield("open");
        }

        DuplexGenerator<Object, Object, Object> open() {
            return DuplexGenerator.of(this::run);
        }

        DuplexGenerator<Object, Object, Object> locked() {
            return DuplexGenerator.of(this::runLocked);
        }

        private synchronized Object runLocked(DuplexGenerator.Out<Object, Object> out) {
            return out == null;
        }
    }

    private static Object deeper(DuplexGenerator.Out<Object, Object> out, int left) {
        return left == 0 ? "deep" : joined(out.yield(left), deeper(out, left - 1));
    }

    private static DuplexGenerator<Object, Object, Object> handedOn(DuplexGenerator.Body<Object, Object, Object> body) {
        return DuplexGenerator.of(body);
    }

    private BodiesThatStay() {}

    /** Fills a map from why a body stays as it is. */
    static void addTo(Map<String, Make> all) {
        all.put("it hands its out on, so that others may yield", log -> DuplexGenerator.of(out -> {
            log.add("" + deeper(out, 3));
            return out.yield("own");
        }));
        all.put("it hands its out on", log -> DuplexGenerator.of(out -> {
            Runnable inside = () -> log.add("" + out.yield("inside"));
            inside.run();
            return out.yield("own");
        }));
        all.put("hands its out on", log -> DuplexGenerator.of(out -> {
            DuplexGenerator.Out<Object, Object> same = out;
            return joined(same.yield(1), same.yield(2));
        }));
        all.put("has a synchronized block", log -> DuplexGenerator.of(out -> {
            synchronized (log) {
                log.add("locked");
            }
            return out.yield("unlocked");
        }));
        all.put("is synchronized", log -> new Open().locked());
        all.put("reference to a method that may be overridden", log -> new Open().open());
        all.put("reference to a method of another class", log -> DuplexGenerator.of(Elsewhere::run));
        all.put("not written in the call that makes the generator", log -> {
            DuplexGenerator.Body<Object, Object, Object> body = out -> out.yield("written before");
            return DuplexGenerator.of(body);
        });
        all.put("not written in the call", log -> handedOn(out -> joined(out.yield(1), out.yield(2))));
        all.put("written in the call that makes the generator", log -> DuplexGenerator.of((Both) out -> out.yield(1)));
        all.put("calls MethodHandles.lookup, which looks at the class of its caller", log -> DuplexGenerator.of(out -> {
            out.yield("looks");
            return MethodHandles.lookup().lookupClass().getSimpleName();
        }));
        all.put("does not yield itself", log -> DuplexGenerator.of(out -> number(log.size())));
        all.put("has no class file", log -> DuplexGenerator.of(ofProxy()));
        all.put("has the out of another body", log -> DuplexGenerator.of(out -> {
            DuplexGenerator<Object, Object, Object> inner = DuplexGenerator.of(own -> {
                own.yield("inner");
                try {
                    return out.yield("not mine");
                } catch (IllegalStateException e) {
                    return "refused";
                }
            });
            log.add(inner.next() + " " + out.yield("outer"));
            try {
                inner.next();
            } catch (java.util.NoSuchElementException e) {
                log.add("" + inner.result());
            }
            return null;
        }));
        all.put("assigns to its parameters",
                log -> DuplexGenerator.of(new DuplexGenerator.Body<Object, Object, Object>() {
                    @Override
                    public Object run(DuplexGenerator.Out<Object, Object> out) {
                        Object got = out.yield("p");
                        out = null;
                        return joined(got, out);
                    }
                }));
    }

    @SuppressWarnings("unchecked")
    private static DuplexGenerator.Body<Object, Object, Object> ofProxy() {
        return (DuplexGenerator.Body<Object, Object, Object>) Proxy.newProxyInstance(
                BodiesThatStay.class.getClassLoader(),
                new Class<?>[]{DuplexGenerator.Body.class},
                (proxy, method, arguments) -> ((DuplexGenerator.Out<Object, Object>) List.of(arguments).getFirst())
                        .yield("proxy"));
    }

    private static final class Elsewhere {
        static Object run(DuplexGenerator.Out<Object, Object> out) {
            return out.yield("elsewhere");
        }
    }
}
