package dev.heddle.generators;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** All that a consumer sees of a generator, and all that its body writes down. */
final class GeneratorTrace {

    /** What a consumer throws into a body. */
    static final class Planted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Planted(int number) {
            super("planted " + number);
        }
    }

    private final List<String> events = new ArrayList<>();

    /** The source file whose lines are told of failures. */
    private final String file;

    private boolean isOfMachine;

    private GeneratorTrace(String file) {
        this.file = file;
    }

    /**
     * Takes a generator through a script.
     *
     * @param of makes it, with a list to write to
     * @param script a letter a call: n for next, s for send, f for fail, c for close
     */
    static GeneratorTrace of(
            BodyForm form, String file, String script,
            Function<List<String>, DuplexGenerator<Object, Object, Object>> of) {
        var trace = new GeneratorTrace(file);
        BodyForm usual = MachineRun.form;
        MachineRun.form = form;
        try {
            trace.take(script, of);
        } finally {
            MachineRun.form = usual;
        }
        return trace;
    }

    private void take(String script, Function<List<String>, DuplexGenerator<Object, Object, Object>> of) {
        DuplexGenerator<Object, Object, Object> made = of.apply(events);
        for (int i = 0; i < script.length(); i++) {
            int number = i;
            switch (script.charAt(i)) {
                case 'n' -> call("next", made, made::next);
                case 's' -> call("send", made, () -> made.send(number));
                case 'f' -> call("fail", made, () -> made.fail(new Planted(number)));
                default -> call("close", made, () -> {
                    made.close();
                    return "done";
                });
            }
        }
        call("close", made, () -> {
            made.close();
            return "done";
        });
        call("result", made, made::result);
    }

    private void call(String name, DuplexGenerator<Object, Object, Object> made, Supplier<Object> call) {
        String answer;
        try {
            answer = String.valueOf(call.get());
        } catch (Throwable e) {
            answer = told(e);
        }
        events.add(name + ": " + answer + ", " + made.state());
        isOfMachine |= made.comesBackToYield();
    }

    private String told(Throwable e) {
        String line = Arrays.stream(e.getStackTrace())
                .filter(frame -> file.equals(frame.getFileName()))
                .limit(1)
                .map(frame -> ":" + frame.getLineNumber())
                .findFirst()
                .orElse("");
        return e.getClass().getSimpleName() + (e instanceof Planted ? "" : line) + " " + e.getMessage()
                + (e.getCause() == null ? "" : " by " + told(e.getCause()));
    }

    /** Whether the body was seen as a machine. */
    boolean isOfMachine() {
        return isOfMachine;
    }

    String text() {
        return String.join("\n", events);
    }
}
