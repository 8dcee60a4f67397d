// What a task is called, and all tasks of a loop.
// Answers Threads and coroutines, program 7; Day 11, threads and asyncio, program 17: current_thread, getName, enumerate, active_count.

import static dev.heddle.Heddle.*;

import dev.heddle.Task;

void main() {
    run(this::nameThem);
}

void nameThem() {
    var worker = spawn("worker", this::work);
    IO.println(currentTask().name());
    IO.println(currentTask());
    IO.println(currentLoop().allTasks().stream().map(Task::name).toList());
    IO.println(currentLoop().allTasks().size() + " tasks");
    worker.join();
}

void work() {
    sleep(Duration.ofMillis(300));
    IO.println(currentTask().name());
}
