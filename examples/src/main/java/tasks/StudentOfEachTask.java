// Each task has a student of its own, which every call below it can ask for and none has to hand on.
// Answers Day 11, threads and asyncio, program 10: local variables as arguments; using ThreadLocal.

import static dev.heddle.Heddle.*;

static final ScopedValue<String> STUDENT = ScopedValue.newInstance();

void main() {
    run(this::processBoth);
}

void processBoth() {
    group(g -> {
        g.spawn("Thread-A", () -> process("Zhang San"));
        g.spawn("Thread-B", () -> process("Li Si"));
    });
}

void process(String student) {
    ScopedValue.where(STUDENT, student).run(() -> {
        doTask("first", Duration.ofMillis(100));
        doTask("second", Duration.ofMillis(200));
    });
}

void doTask(String which, Duration delay) {
    sleep(delay);                          // meanwhile the other task runs, with another student
    doSubTask(which);
}

void doSubTask(String which) {
    IO.println(currentTask().name() + ", " + which + " task, student: " + STUDENT.get());
}
