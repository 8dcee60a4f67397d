package dev.heddle.frameworks.coroutines

import dev.heddle.Heddle
import dev.heddle.Heddle.map
import dev.heddle.http.client.HttpClient

/** Prints how long pages are. Arguments: urls. */
fun main(urls: Array<String>) {
    val sizes = Heddle.run<List<Int>> {
        HttpClient.create().use { http ->
            map(urls.asList(), 100) { url -> http.get(url).text().length }   // 100 at a time, one thread
        }
    }
    println(sizes)
}
