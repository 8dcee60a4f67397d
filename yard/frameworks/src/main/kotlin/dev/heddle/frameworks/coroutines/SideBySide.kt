package dev.heddle.frameworks.coroutines

import dev.heddle.Loop
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.future.await
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext

/** A task that calls a suspending function: it gives way meanwhile, as with all that blocks. */
fun textFromCoroutine(answer: suspend () -> String): String {
    val text = runBlocking { answer() }
    return text
}

/** A coroutine that waits for a task; cancelling the coroutine cancels the task. */
suspend fun textFromTask(loop: Loop, answer: () -> String): String {
    val text = loop.spawn<String> { answer() }.toCompletableFuture().await()
    return text
}

/** A coroutine that may block: each of its steps is a task. */
suspend fun textOnLoop(loop: Loop, answer: () -> String): String {
    val text = withContext(loop.asExecutorService().asCoroutineDispatcher()) { answer() }
    return text
}
