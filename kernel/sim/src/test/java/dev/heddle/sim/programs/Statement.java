package dev.heddle.sim.programs;

import java.util.List;

/**
 * One statement of a {@link Program}.
 *
 * @param target the number of the object that it is called on, 0 without one; it says what the object is: {@code c2} is
 *     a channel of capacity 2, {@code s1} a semaphore of one permit
 * @param number a time in milliseconds or a count, 0 without one
 * @param body the statements inside
 */
record Statement(Verb verb, int target, int number, List<Statement> body) {

    Statement {
        body = List.copyOf(body);
    }

    static Statement of(Verb verb, int target, int number, Statement... body) {
        return new Statement(verb, target, number, List.of(body));
    }

    /** How many statements it is, itself included. */
    int size() {
        return 1 + Program.size(body);
    }

    /** Whether it or one inside interrupts a thread. */
    boolean interrupts() {
        return verb == Verb.INTERRUPT || verb == Verb.INTERRUPT_BY_A_THREAD
                || body.stream().anyMatch(Statement::interrupts);
    }

    Statement withBody(List<Statement> inside) {
        return new Statement(verb, target, number, inside);
    }

    /** What it does, for the record. */
    String what() {
        return line().replace(" {", "");
    }

    /** The line that it is, or that its block begins with. */
    String line() {
        return (verb.hasTarget() ? verb.letter + "" + target + "." : "")
                + verb.word + "(" + (verb.form.number ? number : "") + ")" + (verb.form.block ? " {" : ";");
    }
}
