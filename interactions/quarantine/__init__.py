"""What was refused for its content is kept for a while: nothing that was sent is lost to a fault of ours.

door -> writer -> `Arrival.keep_refused`, in the writer's transaction
`replay`: through the same gate and the same writer, after a fix
`purge_expired`: what nobody fixed in time
"""
